// Package fault holds what makes an error more than its text: what to do about it, and whose mistake it is.
//
// It knows neither statuses nor who prints what.
package fault

import "errors"

// Hinted is a failure with what to do about it, in a sentence without a period.
type Hinted struct {
	error
	Hint string
}

// Hint adds to err what to do about it, if there is anything.
func Hint(err error, hint string) error {
	if hint == "" {
		return err
	}
	return Hinted{err, hint}
}

// Unwrap gives the failure without the hint.
func (h Hinted) Unwrap() error { return h.error }

// Usage is a mistake in what the caller asks for: nothing has been done, and the repository is not to blame.
type Usage struct{ error }

// Misuse makes err a mistake of the caller's.
func Misuse(err error) error { return Usage{err} }

// Unwrap gives the mistake itself.
func (u Usage) Unwrap() error { return u.error }

// Each gives the errors that err is a list of; err itself where it is none.
func Each(err error) []error {
	for one := err; one != nil && one.Error() == err.Error(); one = errors.Unwrap(one) {
		list, ok := one.(interface{ Unwrap() []error })
		if !ok {
			continue
		}
		if joined := errors.Join(list.Unwrap()...); joined != nil && joined.Error() == err.Error() {
			return list.Unwrap()
		}
	}
	return []error{err}
}
