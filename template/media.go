package template

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/waguard/waguard/compliance/policy"
)

// A Media is what is known of a file a message shows. What is zero is not known.
type Media struct {
	ID   string `json:"id,omitempty"`   // of an uploaded file, or
	Link string `json:"link,omitempty"` // where it lies

	Bytes int64  `json:"bytes,omitempty"`
	Type  string `json:"type,omitempty"` // "image/jpeg"
}

// Sizes of header media (Meta, media, 2025-12-02; the GIF's of template
// components, 2026-09-11) in megabytes. No page says whether a megabyte has 1,000
// or 1,024 kilobytes: between the two a file is told about and not held.
const (
	imageMB    = 5
	videoMB    = 16
	documentMB = 100
	gifMB      = 3.5
)

// kinds are the types of files each sort of header takes; nil: any.
var kinds = map[string][]string{
	"IMAGE": {"image/jpeg", "image/png"},
	"VIDEO": {"video/mp4", "video/3gpp"},
	"GIF":   {"video/mp4"},
}

// strangers are endings of file names that say another type than any the header
// takes.
var strangers = map[string]string{
	"IMAGE": ".gif .webp .svg .bmp .tif .tiff .heic .avif .mp4 .3gp .mov .pdf",
	"VIDEO": ".gif .mov .avi .mkv .webm .wmv .mpg .mpeg .jpg .jpeg .png .webp .pdf",
	"GIF":   ".gif .webp .mov .avi .webm .jpg .jpeg .png",
}

// Files yields the header files a filled template shows, its cards' too, with what
// the values themselves say of them: an id or a link.
func Files(f *Filled) []Media {
	var all []Media
	each := func(parts []Part) {
		if p := partOf(parts, "header"); p != nil {
			for i := range p.Values {
				if m := p.Values[i].media(); m != (Media{}) {
					all = append(all, m)
				}
			}
		}
	}
	each(f.Parts)
	if p := partOf(f.Parts, "carousel"); p != nil {
		for i := range p.Cards {
			each(p.Cards[i].Parts)
		}
	}
	return all
}

// media is the file a value names; the zero Media where it names none.
func (v *Value) media() Media {
	switch strings.ToLower(v.Type) {
	case "image", "video", "gif", "document":
		var id string
		_ = json.Unmarshal(part(v.Raw, "id"), &id) // no text: no id
		return Media{ID: id, Link: v.Link}
	}
	return Media{}
}

// shows reports whether a header's value names what it is to show: a file by its id
// or link, a place by both its coordinates, a product by its id.
func (v *Value) shows() bool {
	switch strings.ToLower(v.Type) {
	case "location":
		return given(part(v.Raw, "latitude")) && given(part(v.Raw, "longitude"))
	case "product":
		return given(part(v.Raw, "product_retailer_id"))
	}
	return v.Link != "" || given(part(v.Raw, "id"))
}

// given reports whether a member is there and neither null nor an empty text.
func given(raw json.RawMessage) bool {
	return len(raw) > 0 && !null(raw) && string(raw) != `""`
}

// CheckMedia reports header files Meta would refuse or show as something else, as
// far as something is known of them, and whether the message goes out over the
// Marketing Messages API: header-media-size, header-gif-marketing-api, and
// send-param-type for a file of a type the header does not take. Files that are not
// in known are judged by the ending of their link alone.
func CheckMedia(d *Definition, f *Filled, known []Media, marketing bool) []Problem {
	c := checker{}
	c.media(d.Components, f.Parts, known, marketing, place{card: -1})
	return c.found
}

func (c *checker) media(all []Component, parts []Part, known []Media, marketing bool, in place) {
	for i := range all {
		k := &all[i]
		switch {
		case is(k.Type, "HEADER"):
			at := in.of("header")
			if is(k.Format, "GIF") && !marketing {
				c.broken(gifElsewhere, at, policy.Span{}, "the header is a GIF, and outside the Marketing Messages API people see a video")
			}
			if p := partOf(parts, "header"); p != nil && len(p.Values) > 0 && (len(known) > 0 || p.Values[0].Link != "") {
				c.file(strings.ToUpper(k.Format), p.Values[0].media(), known, at)
			}
		case is(k.Type, "CAROUSEL"):
			p := partOf(parts, "carousel")
			for j := range k.Cards {
				var filled []Part
				if p != nil {
					for n := range p.Cards {
						if cardIndex(p.Cards, n) == j {
							filled = p.Cards[n].Parts
						}
					}
				}
				c.media(k.Cards[j].Components, filled, known, marketing, place{card: j})
			}
		}
	}
}

func (c *checker) file(format string, m Media, known []Media, at place) {
	if m == (Media{}) {
		return
	}
	for _, k := range known {
		if k.ID != "" && k.ID == m.ID || k.Link != "" && k.Link == m.Link {
			m.Bytes, m.Type = k.Bytes, k.Type
		}
	}
	typ, _, _ := strings.Cut(strings.ToLower(m.Type), ";")
	takes := kinds[format]
	switch {
	case typ != "" && takes != nil && !slices.Contains(takes, strings.TrimSpace(typ)):
		c.broken(paramType, at, policy.Span{}, "the header takes "+strings.Join(takes, " or ")+", and the file is of another type")
	case typ == "" && m.Link != "" && stranger(format, m.Link):
		c.broken(paramType, at, policy.Span{}, "the header takes "+strings.Join(takes, " or ")+", and the link ends like another type").Severity = policy.Warn
	}
	limit := map[string]float64{"IMAGE": imageMB, "VIDEO": videoMB, "DOCUMENT": documentMB, "GIF": videoMB}[format]
	if limit == 0 || m.Bytes == 0 {
		return
	}
	switch n := float64(m.Bytes); {
	case n > limit*(1<<20):
		c.broken(mediaSize, at, policy.Span{}, fmt.Sprintf("the file has %.1f MB, and %g are taken", n/1e6, limit))
	case n > limit*1e6:
		c.broken(mediaSize, at, policy.Span{}, fmt.Sprintf("the file has %.1f MB, and %g are taken, of which Meta does not say how many bytes they have", n/1e6, limit)).Severity = policy.Warn
	}
	if format == "GIF" && float64(m.Bytes) > gifMB*1e6 {
		c.broken(gifElsewhere, at, policy.Span{}, fmt.Sprintf("the file has %.1f MB, and one of more than %g is shown as a video", float64(m.Bytes)/1e6, gifMB))
	}
}

// stranger reports whether a link ends like a type the header does not take.
func stranger(format, link string) bool {
	link, _, _ = strings.Cut(link, "?")
	link, _, _ = strings.Cut(link, "#")
	ext := strings.ToLower(path.Ext(link))
	return ext != "" && slices.Contains(strings.Fields(strangers[format]), ext)
}
