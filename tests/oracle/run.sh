#!/bin/sh
# Records the oracles' answers again, where R and its packages are installed (r-base-core,
# r-cran-sandwich, r-cran-clubsandwich, r-cran-estimatr, r-cran-metafor, r-cran-mvtnorm,
# r-cran-aer, r-cran-survival, r-cran-matchit, r-cran-rpact, r-cran-quantreg, r-cran-jsonlite). The
# public data sets lie beside the checkout, in ../shared/data, or in ASSAY_SHARED_DATA.
set -eu
cd "$(dirname "$0")/../.."
if ! command -v Rscript >/dev/null 2>&1; then
    echo "oracles: Rscript is not installed; the recorded answers stay" >&2
    exit 1
fi
data=$(realpath "${ASSAY_SHARED_DATA:-../shared/data}")
Rscript tests/oracle/agreement.R
Rscript tests/oracle/arms.R
Rscript tests/oracle/balance.R
Rscript tests/oracle/bounds.R
Rscript tests/oracle/cr2.R
Rscript tests/oracle/by_cells.R
ASSAY_SHARED_DATA=$data Rscript tests/oracle/cluster_errors.R
Rscript tests/oracle/dose.R
Rscript tests/oracle/double_difference.R
Rscript tests/oracle/encouragement.R
Rscript tests/oracle/equivalence.R
Rscript tests/oracle/found_arms.R
Rscript tests/oracle/git_marked.R "$data" >tests/oracle/git_marked.json
Rscript tests/oracle/opt_outs.R
Rscript tests/oracle/pooling.R
ASSAY_SHARED_DATA=$data Rscript tests/oracle/matching.R
ASSAY_SHARED_DATA=$data Rscript tests/oracle/perception.R
Rscript tests/oracle/power.R
ASSAY_SHARED_DATA=$data Rscript tests/oracle/public_power.R
Rscript tests/oracle/variance_components.R
ASSAY_SHARED_DATA=$data Rscript tests/oracle/interacted.R
Rscript tests/oracle/proportion.R
Rscript tests/oracle/quantile.R
Rscript tests/oracle/hazard_ratio.R
Rscript tests/oracle/instrument.R
Rscript tests/oracle/ratio.R
Rscript tests/oracle/ratio_adjusted.R
ASSAY_SHARED_DATA=$data Rscript tests/oracle/staggered.R
Rscript tests/oracle/staggered_joint.R
Rscript tests/oracle/staggered_strata.R
Rscript tests/oracle/strata.R
Rscript tests/oracle/switchback.R
ASSAY_SHARED_DATA=$data Rscript tests/oracle/restricted_mean.R
Rscript tests/oracle/team_errors.R
Rscript tests/oracle/worker_week.R
git --no-pager diff --stat -- tests/oracle
