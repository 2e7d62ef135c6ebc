// Package location gives the schemas that people keep themselves, in folders and at URLs, in the layouts that kubeconform knows.
//
// It knows where the schema of a kind would be, and whether what is there is one; nothing of objects, nor of how URLs are asked.
package location

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"
	"text/template"
)

// Location is a folder or a URL with schemas.
type Location struct {
	// text is the location as it was given, without a password.
	text     string
	template *template.Template
	remote   bool
}

// layout is how kubeconform finds files below a location that names none itself.
const layout = "/{{.NormalizedKubernetesVersion}}-standalone{{.StrictSuffix}}/{{.ResourceKind}}{{.KindSuffix}}.json"

// Default is the word for the schemas that the program has of its own.
const Default = "default"

// Parse reads a location, which may be a template of Go. A folder has to be there.
func Parse(text string) (l Location, err error) {
	if l.text = text; text == "" {
		return l, errors.New("want a folder or a URL")
	}
	if scheme, _, ok := strings.Cut(text, "://"); ok {
		l.text = withoutPassword(text)
		if l.remote = scheme == "http" || scheme == "https"; !l.remote {
			return l, errors.New("want a folder, or a URL that begins with https or http")
		}
	}
	static, _, _ := strings.Cut(text, "{{")
	folder := static
	if !strings.HasSuffix(text, "json") {
		text = strings.TrimSuffix(text, "/") + layout
	} else if !strings.HasSuffix(folder, "/") {
		folder = path.Dir(folder)
	}
	if info, err := os.Stat(folder); !l.remote && (err != nil || !info.IsDir()) {
		return l, fmt.Errorf("%s is no directory", path.Clean(folder))
	}
	if l.template, err = template.New("location").Option("missingkey=error").Parse(text); err == nil {
		_, err = l.of("apps/v1", "Deployment", "1.36")
	}
	if err != nil {
		return l, fmt.Errorf("it is no template that names {{.ResourceKind}}, {{.ResourceAPIVersion}}, {{.Group}}, {{.KindSuffix}}, "+
			"{{.NormalizedKubernetesVersion}} or {{.StrictSuffix}}: %w", err)
	}
	return l, nil
}

// withoutPassword gives a URL, which may be a template and so no URL to read, without the user in it.
func withoutPassword(text string) string {
	scheme, rest, _ := strings.Cut(text, "://")
	host, file, _ := strings.Cut(rest, "/")
	return scheme + "://" + host[strings.LastIndexByte(host, '@')+1:] + "/" + file
}

// String gives the location as it was given, without a password.
func (l Location) String() string { return l.text }

// kind is what a template may name.
type kind struct {
	NormalizedKubernetesVersion, StrictSuffix, ResourceKind, ResourceAPIVersion, Group, KindSuffix string
}

// The forms that the API server takes.
var (
	kindName    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)
	groupName   = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
	versionName = regexp.MustCompile(`^[a-z0-9]+$`)
)

// isKind reports whether there may be such a kind. What an object says of itself may be anything, and lead out of a location.
func isKind(apiVersion, kind string) bool {
	group, version, grouped := strings.Cut(apiVersion, "/")
	if !grouped {
		group, version = "core", apiVersion
	}
	return kindName.MatchString(kind) && groupName.MatchString(group) && versionName.MatchString(version)
}

// of gives the file or the URL where the schema of a kind would be.
func (l Location) of(apiVersion, resource, kubernetes string) (string, error) {
	parts := strings.Split(apiVersion, "/")
	first, _, _ := strings.Cut(parts[0], ".")
	suffix := "-" + first
	if len(parts) > 1 {
		suffix += "-" + parts[1]
	}
	var b strings.Builder
	err := l.template.Execute(&b, kind{
		NormalizedKubernetesVersion: "v" + kubernetes + ".0", StrictSuffix: "-strict", ResourceKind: strings.ToLower(resource),
		ResourceAPIVersion: parts[len(parts)-1], Group: parts[0], KindSuffix: suffix,
	})
	if err == nil && l.remote {
		_, err = url.Parse(b.String())
	}
	return b.String(), err
}
