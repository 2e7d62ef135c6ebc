// Package fault holds what makes an error more than its text: what to do about it, and whose mistake it is.
//
// It knows neither statuses nor who prints what.
package fault

// Hinted is a failure with what to do about it, in a sentence without a period.
type Hinted struct {
	error
	Hint string
}

// Hint adds to err what to do about it.
func Hint(err error, hint string) error { return Hinted{err, hint} }

// Unwrap gives the failure without the hint.
func (h Hinted) Unwrap() error { return h.error }

// Usage is a mistake in what the caller asks for: nothing has been done, and the repository is not to blame.
type Usage struct{ error }

// Misuse makes err a mistake of the caller's.
func Misuse(err error) error { return Usage{err} }

// Unwrap gives the mistake itself.
func (u Usage) Unwrap() error { return u.error }
