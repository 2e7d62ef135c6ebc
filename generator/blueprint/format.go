package blueprint

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// format is a form that a text in the spec must have.
type format struct {
	// pattern goes into the JSON Schema too.
	pattern string
	// check judges what a pattern cannot; nil where the pattern is enough.
	check func(string) bool
	// want completes "want ...".
	want string
}

const (
	label  = `[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?`
	step   = `[A-Za-z0-9_-]+`
	minors = "1.33 to 1.37"
)

// formats are the forms by the name that the format tags of Spec use.
var formats = map[string]format{
	"apiVersion":        {pattern: `^gitopsgen/v[0-9]+$`, want: APIVersion},
	"name":              {pattern: `^[a-z]([-a-z0-9]{0,48}[a-z0-9])?$`, want: "lower-case letters, digits and dashes, beginning with a letter, at most 50"},
	"clusterName":       {pattern: `^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$`, want: "lower-case letters, digits and dashes, beginning with a letter, at most 30"},
	"domain":            {pattern: `^` + label + `(\.` + label + `)*$`, check: func(s string) bool { return len(s) <= 253 }, want: "a DNS name such as " + DefaultDomain},
	"kubernetesVersion": {pattern: `^1\.3[3-7]$`, want: "major.minor, " + minors},
	"teamName":          {pattern: `^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$`, want: "lower-case letters, digits and dashes, beginning with a letter, at most 40"},
	"owner":             {pattern: `\S`, want: "whom to ask, such as ann@example.org"},
	"repositoryURL":     {pattern: `^((https?|ssh|git|file)://\S+|[^@/:\s]+@[^:/\s]+:\S+)$`, check: withoutPassword, want: "a Git URL without a password, such as " + DefaultRepositoryURL},
	"server":            {pattern: `^https?://\S+$`, check: withoutPassword, want: "the API server's URL, such as https://10.0.0.10:6443"},
	"codeOwner":         {pattern: `^(@@?[A-Za-z0-9][A-Za-z0-9._/-]*|[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+)$`, want: "a name as CODEOWNERS has it, such as @org/platform, or an address"},
	"branch":            {pattern: `^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$`, check: branchName, want: "a branch name"},
	"cidr":              {pattern: `^[0-9a-fA-F.:]+/[0-9]{1,3}$`, check: maskedPrefix, want: "a network such as 10.42.0.0/16, with no bit set behind the prefix"},
	"address":           {pattern: `^[0-9a-fA-F.:]+$`, check: ipAddress, want: "an IP address"},
	"asn":               {pattern: `^[1-9][0-9]{0,9}$`, check: func(s string) bool { n, err := strconv.ParseUint(s, 10, 32); return err == nil && n > 0 }, want: "an AS number, 1 to 4294967295"},
	"imagePrefix":       {pattern: `^[a-z0-9][a-zA-Z0-9._:/-]*/$`, want: "a registry or a path in one, ending with a slash, such as ghcr.io/ or docker.io/library/"},
	"namePattern":       {pattern: `^[A-Za-z0-9*?][-A-Za-z0-9._:*?]*$`, want: "a name, in which * stands for any characters and ? for one"},
	"ownFolder":         {pattern: filePath.String(), check: func(s string) bool { return !ownPath.MatchString(s) }, want: "a folder of this repository such as workloads/shop, and none of Git's or of gitopsgen's own"},
	"checkoutFolder":    {pattern: filePath.String(), check: func(s string) bool { return !dotted.MatchString(s) }, want: "a folder of this repository such as third_party/base; a checkout that stands elsewhere is given by --repo URL=DIR"},
	"groupKind":         {pattern: `^` + label + `(\.` + label + `)+/[A-Z][A-Za-z0-9]*$`, want: "group/Kind, such as example.org/Lamp"},
	"fieldPath":         {pattern: `^` + step + `(\.` + step + `)*$`, want: "names of fields with dots between them, such as spec.image"},
	"itemPath":          {pattern: `^` + step + `(\.(` + step + `|\*))*$`, check: func(s string) bool { return strings.Count(s, "*") < 2 }, want: "names of fields with dots between them, and at most one * for each item, such as spec.nodes.*.template.spec"},
	"blueprint":         {pattern: `^[^/].*\.jsonnet$`, check: func(s string) bool { return !slices.Contains(strings.Split(s, "/"), "..") }, want: "a .jsonnet file in this repository, such as ./my.jsonnet"},
}

func withoutPassword(s string) bool {
	if !strings.Contains(s, "://") {
		return true
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "file" && u.Host == "" {
		return false
	}
	_, password := u.User.Password()
	return !password
}

// userInfo matches what a URL has in front of its host, where a password is.
var userInfo = regexp.MustCompile(`://\S*@`)

// withoutUser is a text for people to read: no password is in it, be it a URL or nearly so.
func withoutUser(text string) string { return userInfo.ReplaceAllString(text, "://***@") }

func branchName(s string) bool {
	return !strings.Contains(s, "..") && !strings.Contains(s, "//") && !strings.HasSuffix(s, ".lock")
}

func maskedPrefix(s string) bool {
	p, err := netip.ParsePrefix(s)
	return err == nil && p == p.Masked()
}

func ipAddress(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

// judge gives an error if text has not the form of the named format.
func judge(name, text string) error {
	f := formats[name]
	if regexp.MustCompile(f.pattern).MatchString(text) && (f.check == nil || f.check(text)) {
		return nil
	}
	return fmt.Errorf("%q: want %s", withoutUser(text), f.want)
}
