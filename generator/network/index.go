package network

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/Masterminds/semver/v3"
	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/chart"
)

const (
	// maxIndex bounds the index of a repository; the largest that people publish have 20 MiB.
	maxIndex = 64 << 20
	// maxOddIndex bounds an index that is not written as Helm writes it, and is parsed whole.
	maxOddIndex = 4 << 20
	// maxReleases bounds what an index says of one chart, in bytes and in lines; it is parsed whole too. The most that
	// people publish of one has a third of it.
	maxReleases, maxReleaseLines = 16 << 20, 500_000
)

// index is the index of an HTTP repository: the text of each chart's versions, not parsed yet. Parsing all of a large
// index takes seconds and a hundred times the memory.
type index map[string][]byte

// release is one version of a chart in an index.
type release struct {
	Version string   `yaml:"version" json:"version"`
	URLs    []string `yaml:"urls" json:"urls"`
	Digest  string   `yaml:"digest" json:"digest"`
}

// readIndex takes an index apart.
func readIndex(data []byte) (index, error) {
	if found, ok := cutJSON(data); ok {
		return found, nil
	}
	if found, ok := cutYAML(data); ok {
		return found, nil
	}
	if len(data) > maxOddIndex {
		return nil, fmt.Errorf("it has %d MiB, and is not written as Helm writes it", len(data)>>20)
	}
	var doc struct{ Entries map[string][]release }
	var other *yaml.TypeError
	switch err := yaml.Unmarshal(data, &doc); {
	case errors.As(err, &other):
		return nil, errors.New("it is something else than a list of charts")
	case err != nil:
		return nil, err
	}
	if doc.Entries == nil {
		return nil, errors.New("it has no entries")
	}
	found := index{}
	for name, list := range doc.Entries {
		text, err := json.Marshal(list)
		if err != nil {
			return nil, err
		}
		found[name] = text
	}
	return found, nil
}

func cutJSON(data []byte) (index, bool) {
	var doc struct{ Entries map[string]json.RawMessage }
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) || json.Unmarshal(data, &doc) != nil {
		return nil, false
	}
	found := index{}
	for name, text := range doc.Entries {
		found[name] = text
	}
	return found, doc.Entries != nil
}

// cutYAML cuts an index as Helm writes it, where each chart's name stands on a line of its own below entries. It judges
// nothing else; ok is false where a line is not as expected.
func cutYAML(data []byte) (found index, ok bool) {
	found = index{}
	inside, indent, name, from := false, 0, "", 0
	for at := 0; at < len(data); {
		end := len(data)
		if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := bytes.TrimRight(data[at:end], " \t\r\n")
		content := bytes.TrimLeft(line, " ")
		is := len(line) - len(content)
		switch {
		case len(content) == 0 || content[0] == '#':
		case !inside:
			inside = string(line) == "entries:"
		case is == 0 && name == "":
			return nil, false
		case is == 0:
			found[name] = data[from:at]
			return found, true
		case name != "" && (is > indent || is == indent && content[0] == '-'):
		case name != "" && is < indent:
			return nil, false
		default:
			if name != "" {
				found[name] = data[from:at]
			}
			key, whole := bytes.CutSuffix(content, []byte(":"))
			name, from, indent = strings.Trim(string(key), `"'`), end, is
			if !whole || name == "" || strings.ContainsAny(name, " :&*?\"'{[") {
				return nil, false
			}
		}
		at = end
	}
	if name != "" {
		found[name] = data[from:]
	}
	return found, name != ""
}

var errTooManyReleases = errors.New("it has too many versions")

// releases gives the versions of a chart.
func (i index) releases(name string) ([]release, error) {
	var list []release
	if text := i[name]; len(text) > maxReleases || bytes.Count(text, []byte("\n"))+bytes.Count(text, []byte(",")) > maxReleaseLines {
		return nil, errTooManyReleases
	} else if !json.Valid(text) || json.Unmarshal(text, &list) != nil {
		return list, yaml.Unmarshal(text, &list)
	}
	return list, nil
}

// pick finds a version as Helm does: as it is written, else with or without a v in front.
func pick(list []release, version string) (release, bool) {
	for _, r := range list {
		if r.Version == version {
			return r, true
		}
	}
	want, err := exact(version)
	if err != nil {
		return release{}, false
	}
	for _, r := range list {
		if is, err := semver.NewVersion(r.Version); err == nil && is.Equal(want) && is.Metadata() == want.Metadata() {
			return r, true
		}
	}
	return release{}, false
}

// exact reads a version that names one release. Helm takes shorter ones, such as 1.2, for ranges.
func exact(version string) (*semver.Version, error) {
	return semver.StrictNewVersion(strings.TrimPrefix(version, "v"))
}

// missing says that a repository does not have a version, and what it has.
func missing(repo string, ref chart.Ref, versions []string) error {
	newest := chart.Newest("*", versions)
	switch _, err := exact(ref.Version); {
	case len(versions) == 0:
		return unavailable("%s has no chart %s", chart.Location(repo), ref.Name)
	case err != nil && newest != "":
		return unavailable("version %q is a range, and so another chart from time to time: pin one, the newest is %s", ref.Version, newest)
	case newest != "":
		return unavailable("%s has no %s; the newest is %s", chart.Location(repo), ref, newest)
	}
	return unavailable("%s has no %s", chart.Location(repo), ref)
}
