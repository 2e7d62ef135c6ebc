// Package sprig has the functions of templates that sprig brings, none of which makes more at once than memory holds.
//
// It knows functions, and nothing of who calls them.
package sprig

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
)

// What a template may ask of a function at once. Go ends the process where memory for more is not to be had, before
// anybody can look.
const (
	maxText  = 64 << 20
	maxItems = 1_000_000
)

// Functions are all of them but for those that tell of the environment and the network. The map is the caller's.
func Functions() template.FuncMap {
	all := sprig.TxtFuncMap()
	maps.Copy(all, Bounded())
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(all, name)
	}
	return all
}

// Bounded are those that make as much as they are told to. The map is the caller's.
func Bounded() template.FuncMap {
	all := sprig.TxtFuncMap()
	bounded := boundedLists(all)
	bounded["repeat"] = func(count int, text string) (string, error) {
		return bound(all["repeat"].(func(int, string) string), count, text, len(text))
	}
	for _, name := range []string{"indent", "nindent"} {
		bounded[name] = func(spaces int, text string) (string, error) {
			return bound(all[name].(func(int, string) string), spaces, text, strings.Count(text, "\n")+1)
		}
	}
	for _, name := range []string{"randAlphaNum", "randAlpha", "randAscii", "randNumeric"} {
		bounded[name] = func(count int) (string, error) {
			return bound(func(n int, _ string) string { return all[name].(func(int) string)(n) }, count, name, 1)
		}
	}
	bounded["randBytes"] = func(count int) (string, error) {
		if count > maxText {
			return "", tooMuch("randBytes", maxText, "bytes")
		}
		return all["randBytes"].(func(int) (string, error))(count)
	}
	return bounded
}

// passing are the functions whose value does not follow from what they are given, but from chance or the time zone, and from the
// clock where they are given what is no time.
var passing = []string{
	"randAlphaNum", "randAlpha", "randAscii", "randNumeric", "randBytes", "randInt", "shuffle", "uuidv4",
	"genPrivateKey", "genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey",
	"htpasswd", "bcrypt", "encryptAES",
	"ago", "date", "date_in_zone", "dateInZone", "htmlDate", "htmlDateInZone", "toDate", "mustToDate",
}

// Noting is Bounded, with functions that call chance wherever their value does not follow from what they are given, and one that
// asks now for the time. The map is the caller's.
func Noting(chance func(), now func() time.Time) template.FuncMap {
	all, bounded := sprig.TxtFuncMap(), Bounded()
	for _, name := range passing {
		f := reflect.ValueOf(all[name])
		if own, ok := bounded[name]; ok {
			f = reflect.ValueOf(own)
		}
		call := f.Call
		if f.Type().IsVariadic() {
			call = f.CallSlice
		}
		bounded[name] = reflect.MakeFunc(f.Type(), func(arguments []reflect.Value) []reflect.Value {
			chance()
			return call(arguments)
		}).Interface()
	}
	bounded["now"] = now
	return bounded
}

// boundedLists are those of all that make lists of numbers.
func boundedLists(all template.FuncMap) template.FuncMap {
	return template.FuncMap{
		"until": func(count int) ([]int, error) {
			if count > maxItems || count < -maxItems {
				return nil, tooMuch("until", maxItems, "items")
			}
			return all["until"].(func(int) []int)(count), nil
		},
		"untilStep": func(start, stop, step int) ([]int, error) {
			if step != 0 && (float64(stop)-float64(start))/float64(step) > maxItems {
				return nil, tooMuch("untilStep", maxItems, "items")
			}
			return all["untilStep"].(func(int, int, int) []int)(start, stop, step), nil
		},
		"seq": func(numbers ...int) (string, error) {
			for _, n := range numbers {
				if n > maxItems || n < -maxItems {
					return "", tooMuch("seq", maxItems, "items")
				}
			}
			return all["seq"].(func(...int) string)(numbers...), nil
		},
	}
}

// bound calls f, unless it would make count pieces of size bytes and that is too much.
func bound(f func(int, string) string, count int, text string, size int) (string, error) {
	if size > 0 && count > maxText/size {
		return "", tooMuch("a text", maxText, "bytes")
	}
	return f(count, text), nil
}

func tooMuch(what string, limit int, of string) error {
	return fmt.Errorf("%s of more than %d %s", what, limit, of)
}
