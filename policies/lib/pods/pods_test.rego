package lib.pods_test

import data.lib.pods

test_every_row_leads_somewhere if {
	every rows in pods.rows {
		every row in rows {
			object.get(row, "at", "") != ""
		}
	}
}
