# Reference bootstrap intervals of a ratio over clusters:
# Rscript bootstrap.R | sed "s/,$//" > bootstrap.csv
# Rows named t, v are R's own replicates and their variances; foresay makes intervals from them.
suppressMessages(library(boot))
clusters <- read.csv("clusters.csv")
statistic <- function(d, i) {
  d <- d[i, ]
  p <- sum(d$right) / sum(d$size)
  n <- nrow(d)
  c(p, n / (n - 1) * sum((d$right - p * d$size)^2) / sum(d$size)^2)
}
set.seed(20241)
out <- boot(clusters, statistic, R = 999)
influence <- empinf(
  data = clusters, statistic = function(d, i) statistic(d, i)[1], type = "jack", stype = "i"
)
ci <- boot.ci(out, conf = c(.8, .95), type = c("perc", "basic", "stud", "bca"), L = influence)
acceleration <- sum(influence^3) / (6 * sum(influence^2)^1.5)
line <- function(name, ...) cat(name, sprintf("%.12g", c(...)), sep = ",", fill = FALSE, "\n")
line("acceleration", acceleration)
for (k in 1:2) {
  line("percent", ci$percent[k, c(1, 4, 5)])
  line("basic", ci$basic[k, c(1, 4, 5)])
  line("student", ci$student[k, c(1, 4, 5)])
  line("bca", ci$bca[k, c(1, 4, 5)])
}
line("t", out$t[, 1])
line("v", out$t[, 2])
cat("#", R.version.string, "boot", as.character(packageVersion("boot")), "\n")
