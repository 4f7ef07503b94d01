package content

// aliases are read by what they are written like, and told as notes.
var aliases = []kind{}
