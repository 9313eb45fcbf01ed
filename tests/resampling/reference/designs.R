# Reference intervals of other designs than one level of clusters:
# Rscript designs.R | sed "s/,$//" > designs.csv
# two-level: the column `stratum` taken for outer clusters, svyciprop of R's survey.
# strata: clusters drawn within strata by R's boot; rows t and v are its replicates and variances.
suppressMessages({
  library(boot)
  library(survey)
})
clusters <- read.csv("clusters.csv")
line <- function(name, ...) cat(name, sprintf("%.12g", c(...)), sep = ",", fill = FALSE, "\n")
trials <- clusters[rep(seq_len(nrow(clusters)), clusters$size), ]
trials$x <- unlist(mapply(function(m, s) rep(c(1, 0), c(s, m - s)), clusters$size, clusters$right))
design <- svydesign(ids = ~stratum + cluster, data = trials, weights = ~1)
for (level in c(.8, .95)) {
  for (method in c("logit", "beta", "mean")) {
    found <- svyciprop(~x, design, method = method, level = level, df = degf(design))
    line(paste0("two-level.", method), level, confint(found)[1], confint(found)[2])
  }
}
line("two-level.error", as.numeric(SE(svymean(~x, design))))

within <- function(d) {
  p <- sum(d$right) / sum(d$size)
  v <- 0
  for (h in unique(d$stratum)) {
    e <- with(d[d$stratum == h, ], right - p * size)
    n <- length(e)
    v <- v + n / (n - 1) * sum((e - mean(e))^2)
  }
  c(p, v / sum(d$size)^2)
}
set.seed(20242)
out <- boot(clusters, function(d, i) within(d[i, ]), R = 999, strata = factor(clusters$stratum))
# Davison & Hinkley 1997, (5.28) for several samples: linear influence over the size of its sample
p <- within(clusters)[1]
e <- clusters$right - p * clusters$size
e <- e - ave(e, clusters$stratum)
a <- sum(e^3) / (6 * sum(e^2)^1.5)
line("acceleration", a)
for (level in c(.8, .95)) {
  found <- boot.ci(out, conf = level, type = c("perc", "basic", "stud"))
  line("percent", level, found$percent[4:5])
  line("basic", level, found$basic[4:5])
  line("student", level, found$student[4:5])
  z <- qnorm(mean(out$t[, 1] < out$t0[1]) + mean(out$t[, 1] == out$t0[1]) / 2)
  b <- z + qnorm(c((1 - level) / 2, (1 + level) / 2))
  line("bca", level, quantile(out$t[, 1], pnorm(z + b / (1 - a * b)), names = FALSE))
}
line("t", out$t[, 1])
line("v", out$t[, 2])
cat("#", R.version.string, "boot", as.character(packageVersion("boot")),
  "survey", as.character(packageVersion("survey")), "\n")
