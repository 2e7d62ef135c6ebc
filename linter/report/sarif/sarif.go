// Package sarif is the part of the Static Analysis Results Interchange Format, version 2.1.0, that we write.
//
// It knows the form alone: names, nesting, and what may be left out.
package sarif

// The version of the format, and where its schema is published.
const (
	Version = "2.1.0"
	Schema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

// Log is a whole document.
type Log struct {
	Schema  string `json:"$schema"`
	Version string `json:"version"`
	Runs    []Run  `json:"runs"`
}

// Run is one run of a tool.
type Run struct {
	Tool        Tool                `json:"tool"`
	Invocations []Invocation        `json:"invocations"`
	Bases       map[string]Artifact `json:"originalUriBaseIds"`
	// ColumnKind is the unit of columns.
	ColumnKind string   `json:"columnKind"`
	Results    []Result `json:"results"`
}

// Tool is what ran.
type Tool struct {
	Driver Driver `json:"driver"`
}

// Driver is the tool's main part.
type Driver struct {
	Name            string `json:"name"`
	Version         string `json:"version"`
	SemanticVersion string `json:"semanticVersion"`
	InformationURI  string `json:"informationUri"`
	Rules           []Rule `json:"rules"`
}

// Rule is what the tool knows to be wrong.
type Rule struct {
	ID      string     `json:"id"`
	Short   Text       `json:"shortDescription"`
	Full    Text       `json:"fullDescription"`
	Help    Text       `json:"help"`
	HelpURI string     `json:"helpUri,omitempty"`
	Default Weight     `json:"defaultConfiguration"`
	More    Properties `json:"properties"`
}

// Properties are what the format leaves to tools.
type Properties struct {
	Tags []string `json:"tags,omitempty"`
	// SetBy is the line that sets a weight.
	SetBy string `json:"setBy,omitempty"`
}

// Text is for people. Where Markdown is not empty, it says the same.
type Text struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

// Weight says whether a rule is judged, and what its results are.
type Weight struct {
	Enabled bool `json:"enabled"`
	// Level is none, note, warning or error.
	Level string `json:"level"`
}

// Invocation tells how a run went.
type Invocation struct {
	// Successful says that the tool could do what it was asked for, whatever it found.
	Successful    bool           `json:"executionSuccessful"`
	Overrides     []Override     `json:"ruleConfigurationOverrides"`
	Notifications []Notification `json:"toolExecutionNotifications"`
}

// Override is another weight of a rule than its own.
type Override struct {
	Rule   Reference  `json:"descriptor"`
	Weight Weight     `json:"configuration"`
	More   Properties `json:"properties"`
}

// Reference names a rule of the driver.
type Reference struct {
	ID    string `json:"id"`
	Index int    `json:"index"`
}

// Notification is what a reader must know of the run itself.
type Notification struct {
	Level   string `json:"level"`
	Message Text   `json:"message"`
}

// Result is a finding.
type Result struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      Text              `json:"message"`
	Locations    []Location        `json:"locations"`
	Related      []Location        `json:"relatedLocations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	// Suppressions are empty where nothing excuses it.
	Suppressions []Suppression `json:"suppressions"`
}

// Location is a place in a file, and the object that it is a part of.
type Location struct {
	// ID names it among the related locations of a result.
	ID       int       `json:"id,omitempty"`
	Physical Physical  `json:"physicalLocation"`
	Logical  []Logical `json:"logicalLocations,omitempty"`
	Message  *Text     `json:"message,omitempty"`
}

// Physical is a place in a file.
type Physical struct {
	Artifact Artifact `json:"artifactLocation"`
	// Region is nil where the whole file is meant.
	Region *Region `json:"region,omitempty"`
}

// Artifact is a file, or a folder that files are in.
type Artifact struct {
	// URI is a relative reference; BaseID says to what.
	URI         string `json:"uri,omitempty"`
	BaseID      string `json:"uriBaseId,omitempty"`
	Description *Text  `json:"description,omitempty"`
}

// Region is where something begins, and behind what it ends where that is known, all counted from 1.
type Region struct {
	Line      int `json:"startLine"`
	Column    int `json:"startColumn,omitempty"`
	EndLine   int `json:"endLine,omitempty"`
	EndColumn int `json:"endColumn,omitempty"`
}

// Logical is an object by its name.
type Logical struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

// Suppression excuses a result.
type Suppression struct {
	// Kind is external or inSource.
	Kind          string   `json:"kind"`
	Status        string   `json:"status"`
	Justification string   `json:"justification"`
	Location      Location `json:"location"`
}
