package helm

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	hook "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
)

// sorted gives the hooks and the manifests of texts as Helm sorts them. Helm reads all of each document to learn its kind and
// whether it is a hook, which takes longer than to render it: of those whose head says so beyond doubt it is shown the kind alone.
// What is wrong with the rest of such a document it is asked by Output.Refused.
func sorted(texts map[string]string) ([]*hook.Hook, []releaseutil.Manifest, error) {
	var documents []string
	shown := make(map[string]string, len(texts))
	for name, text := range texts {
		var b strings.Builder
		for _, d := range split(text) {
			fmt.Fprintf(&b, "---\n# %d\n", len(documents))
			documents = append(documents, d)
			if kind, ok := plainKind(d); ok {
				d = "kind: " + kind + "\n"
			}
			b.WriteString(d + "\n")
		}
		shown[name] = b.String()
	}
	hooks, manifests, err := releaseutil.SortManifests(shown, nil, releaseutil.InstallOrder)
	if err != nil {
		return sortedWhole(texts)
	}
	whole := func(shown string) string {
		number, _, _ := strings.Cut(strings.TrimPrefix(shown, "# "), "\n")
		i, _ := strconv.Atoi(number)
		return documents[i]
	}
	for i := range manifests {
		manifests[i].Content = whole(manifests[i].Content)
	}
	for _, h := range hooks {
		h.Manifest = whole(h.Manifest)
	}
	return hooks, manifests, nil
}

// sortedWhole shows Helm all of each document. What it gives ends where split has it end.
func sortedWhole(texts map[string]string) ([]*hook.Hook, []releaseutil.Manifest, error) {
	hooks, manifests, err := releaseutil.SortManifests(texts, nil, releaseutil.InstallOrder)
	for i := range manifests {
		manifests[i].Content = strings.TrimSpace(manifests[i].Content)
	}
	for _, h := range hooks {
		h.Manifest = strings.TrimSpace(h.Manifest)
	}
	return hooks, manifests, err
}

// space is what Helm takes for it beside the mark between two documents.
const space = "\t\n\f\r "

// split gives the documents of a text as Helm 3 does, and without the mark of one that two of them begin. Helm 4 keeps the lines that
// are left empty behind a document, which a text at its end may count as its own.
func split(text string) (documents []string) {
	add := func(d string) {
		if d = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(d), "---")); d != "" {
			documents = append(documents, d)
		}
	}
	text = strings.TrimPrefix("\n"+strings.TrimSpace(text), "\n---")
	for {
		text = strings.TrimLeft(text, space)
		end := strings.Index(text, "\n---")
		if end < 0 {
			add(text)
			return documents
		}
		add(text[:end])
		text = text[end+len("\n---"):]
	}
}

var (
	// headLine is a field at the beginning of an object, with a value that is what it looks like.
	headLine = regexp.MustCompile(`^(apiVersion|kind): +(?:([A-Za-z][\w./-]*)|"([A-Za-z][\w./-]*)") *$`)
	// metadataLine is a field of its metadata, or of one of these, with a value that ends on its line.
	metadataLine = regexp.MustCompile(`^( +)(?:([A-Za-z0-9][\w./-]*)|"([A-Za-z0-9][\w./-]*)"):(?: +(\{\}|[A-Za-z0-9_./][\w ./+=@-]*|"[^"\\]*"|'[^']*'))? *$`)
	// otherLine is what begins in the first column of an object behind its head.
	otherLine = regexp.MustCompile(`^(?:([A-Za-z][A-Za-z0-9]*):(?: |$)|- |-$)`)
	// notTexts are words that are no texts.
	notTexts = []string{"true", "false", "yes", "no", "on", "off", "y", "n", "null"}
)

// special is what may be read otherwise than it looks: tabs and breaks that are no line feeds, marks, tags, merges, directives and
// ends of documents; and hooks.
var special = []string{"\t", "\r", "\u0085", "\u2028", "\u2029", "\ufeff", "!!", "!<", "<<", "\n%", "\n...", "helm.sh/hook"}

// isSpecial reports whether there is any of that in a document, or what may be an anchor.
func isSpecial(document string) bool {
	for from := 0; ; {
		i := strings.IndexByte(document[from:], '&')
		if i < 0 {
			return slices.ContainsFunc(special, func(text string) bool { return strings.Contains(document, text) })
		}
		if from += i + 1; from < len(document) && document[from] != ' ' && document[from] != '&' {
			return true
		}
	}
}

// plainKind gives the kind of a document that begins as nearly all do, with apiVersion, kind and metadata line by line, and is no
// hook. ok is false where there is the least doubt that Helm, if it can read the rest, takes it for the same.
func plainKind(document string) (kind string, ok bool) {
	if isSpecial(document) {
		return "", false
	}
	var h head
	for line := range strings.Lines(document) {
		line = strings.TrimRight(line, "\n")
		if text := strings.TrimLeft(line, " "); text == "" || text[0] == '#' {
			continue
		}
		if !h.add(line) {
			return "", false
		}
	}
	return h.kind, h.at != atBegin
}

// head is what was read of a document.
type head struct {
	kind, version string
	at            part
	// indent is that of the fields of metadata, and below that of those of annotations; zero where there were none yet.
	indent, below int
	annotations   bool
}

// part is a part of a document.
type part int

const (
	atBegin part = iota
	inMetadata
	behindMetadata
)

// add reads a line that says something, and reports whether it is beyond doubt.
func (h *head) add(line string) bool {
	if line[0] == ' ' {
		return h.at == behindMetadata || h.at == inMetadata && h.addMetadata(line)
	}
	if h.at == atBegin {
		return h.begin(line)
	}
	if h.at == inMetadata && line[0] == '-' {
		return false // it is a list
	}
	h.at = behindMetadata
	m := otherLine.FindStringSubmatch(line)
	return m != nil && !slices.ContainsFunc([]string{"apiVersion", "kind", "metadata"}, func(name string) bool { return strings.EqualFold(m[1], name) })
}

// begin reads a line in front of the metadata's.
func (h *head) begin(line string) bool {
	if strings.TrimRight(line, " ") == "metadata:" {
		h.at = inMetadata
		return h.kind != "" && h.version != ""
	}
	m := headLine.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	field := &h.version
	if m[1] == "kind" {
		field = &h.kind
	}
	again := *field != ""
	*field = m[2] + m[3]
	return !again && !slices.ContainsFunc(notTexts, func(word string) bool { return strings.EqualFold(word, *field) })
}

// addMetadata reads a line of the metadata.
func (h *head) addMetadata(line string) bool {
	m := metadataLine.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	indent, name, quoted, value := len(m[1]), m[2], m[3], m[4]
	if h.indent == 0 {
		h.indent = indent
	}
	switch {
	case indent < h.indent:
		return false
	case indent > h.indent && h.annotations:
		if h.below == 0 {
			h.below = indent
		}
		return indent == h.below && value != "{}"
	case indent > h.indent:
		return true // Helm reads no other mappings
	}
	h.annotations = name == "annotations"
	switch {
	case h.annotations:
		h.below = 0
		return value == "" || value == "{}"
	case name == "name":
		return value != "" && value != "{}"
	}
	return quoted == "" && !strings.EqualFold(name, "name") && !strings.EqualFold(name, "annotations")
}
