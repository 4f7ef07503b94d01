package main

import (
	"encoding/json"
	"path/filepath"

	"github.com/waguard/waguard/template"
)

// The parts of SARIF 2.1.0 that are written here (OASIS standard, 27 March 2020).
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
	index   map[string]int
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      string       `json:"id"`
	Short   sarifMessage `json:"shortDescription"`
	Full    sarifMessage `json:"fullDescription"`
	Help    sarifMessage `json:"help"`
	Default struct {
		Level string `json:"level"`
	} `json:"defaultConfiguration"`
	Properties map[string]string `json:"properties"`
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level     string          `json:"level"`
	Message   sarifMessage    `json:"message"`
	Locations []sarifLocation `json:"locations"`
}

type sarifResult struct {
	RuleID    string            `json:"ruleId"`
	RuleIndex int               `json:"ruleIndex"`
	Level     string            `json:"level"`
	Message   sarifMessage      `json:"message"`
	Locations []sarifLocation   `json:"locations"`
	Prints    map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact struct {
		URI string `json:"uri"`
	} `json:"artifactLocation"`
	Region sarifRegion `json:"region"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine"`
	EndColumn   int `json:"endColumn"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

// levels are SARIF's words for the severities.
var levels = [...]string{template.LintAdvice: "note", template.LintWarning: "warning", template.LintError: "error"}

func newSARIF() sarifLog {
	log := sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", index: map[string]int{}}
	run := sarifRun{ColumnKind: "unicodeCodePoints", Invocations: []sarifInvocation{{Successful: true}}, Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "wacheck", InformationURI: "https://github.com/waguard/waguard"}
	for r := range template.LintRules() {
		rule := sarifRule{ID: string(r.ID), Short: sarifMessage{r.Title}, Full: sarifMessage{r.Why}, Help: sarifMessage{r.Fix}, Properties: map[string]string{"prevents": r.Prevents}}
		rule.Default.Level = levels[r.Severity]
		log.index[rule.ID] = len(run.Tool.Driver.Rules)
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rule)
	}
	log.Runs = []sarifRun{run}
	return log
}

func (l *sarifLog) add(s *source, it *item, p problem) {
	r := s.region(it, p)
	run := &l.Runs[0]
	run.Results = append(run.Results, sarifResult{
		RuleID: string(p.Rule), RuleIndex: l.index[string(p.Rule)], Level: levels[p.Severity],
		Message:   sarifMessage{p.Why + ". " + p.Fix},
		Locations: []sarifLocation{{physical(s, r), []sarifLogical{{it.id + ": " + orTemplate(p.Where), "member"}}}},
		Prints:    map[string]string{"place/v1": it.id + "/" + string(p.Rule) + "/" + p.Where},
	})
}

// notify tells of a template that cannot be read.
func (l *sarifLog) notify(s *source, it *item) {
	in := &l.Runs[0].Invocations[0]
	in.Successful = false
	line, column := s.position(it.from)
	in.Notifications = append(in.Notifications, sarifNotification{"error", sarifMessage{it.err.Error()},
		[]sarifLocation{{Physical: physical(s, region{line, column, line, column})}}})
}

func physical(s *source, r region) (p sarifPhysical) {
	p.Artifact.URI = filepath.ToSlash(s.name)
	if s.name == "standard input" {
		p.Artifact.URI = "stdin"
	}
	p.Region = sarifRegion{r.line, r.column, r.endLine, r.endColumn}
	return p
}

func (l *sarifLog) write(w writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(l)
}
