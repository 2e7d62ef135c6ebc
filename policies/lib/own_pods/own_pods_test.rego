package lib.own_pods_test

import data.lib.own_pods

test_there_are_none_but_the_repositorys if {
	own_pods.rows == {}
}
