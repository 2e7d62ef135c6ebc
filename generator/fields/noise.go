package fields

import (
	"regexp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// versionLabels say which version of a chart, or of a program, wrote an object.
var versionLabels = []string{"helm.sh/chart", "app.kubernetes.io/version", "chart"}

// sum matches a text that is a checksum.
var sum = regexp.MustCompile(`^[0-9a-f]{32,128}$`)

// follows reports whether a field only follows from others: the checksum of a configuration, the version of a chart.
func follows(f Field) bool {
	if len(f.Path) < 2 {
		return false
	}
	name, _ := f.Path[len(f.Path)-1].(string)
	switch f.Path[len(f.Path)-2] {
	case "labels":
		return slices.Contains(versionLabels, name)
	case "annotations":
		return strings.HasPrefix(name, "checksum/") || isSum(f.Old) && isSum(f.New)
	}
	return false
}

func isSum(v any) bool {
	text, ok := v.(string)
	return v == nil || ok && sum.MatchString(text)
}

// secretFields are the fields of kinds whose values nobody is to read in a report.
var secretFields = map[string][]string{
	"Secret":       {"data", "stringData", "sops"},
	"SopsSecret":   {"spec", "sops"},
	"SealedSecret": {"spec"},
}

// IsSecret reports whether objects of a kind hold secrets.
func IsSecret(kind string) bool { return secretFields[kind] != nil }

// lastApplied is an annotation that holds the whole object.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// isSecretField reports whether the values of a field are not to be told.
func isSecretField(kind string, f Field) bool {
	top, last := f.Path[0], f.Path[len(f.Path)-1]
	name, _ := top.(string)
	return slices.Contains(secretFields[kind], name) || IsSecret(kind) && (last == lastApplied || last == "annotations") ||
		isEncrypted(f.Old) || isEncrypted(f.New)
}

// encrypted matches what programs write that encrypt: SOPS, age, PGP.
var encrypted = regexp.MustCompile(`ENC\[[A-Z0-9_]+,|-----BEGIN (AGE ENCRYPTED FILE|PGP MESSAGE|[A-Z ]*PRIVATE KEY)-----`)

// isEncrypted reports whether there is something encrypted, or a private key, in a value.
func isEncrypted(v any) bool {
	found := false
	manifest.MapTexts(v, func(text string) string {
		found = found || encrypted.MatchString(text)
		return text
	})
	return found
}
