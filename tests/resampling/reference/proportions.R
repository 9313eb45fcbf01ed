# Reference intervals of one clustered proportion: Rscript proportions.R > proportions.csv
# R and survey versions stand in the last rows of the output.
suppressMessages(library(survey))
clusters <- read.csv("clusters.csv")
trials <- clusters[rep(seq_len(nrow(clusters)), clusters$size), ]
trials$x <- unlist(mapply(function(m, s) rep(c(1, 0), c(s, m - s)), clusters$size, clusters$right))
designs <- list(
  plain = svydesign(ids = ~cluster, data = trials, weights = ~1),
  strata = svydesign(ids = ~cluster, strata = ~stratum, data = trials, weights = ~1)
)
rows <- NULL
for (design in names(designs)) {
  for (level in c(.8, .95, .99)) {
    for (method in c("logit", "beta", "mean")) {
      found <- svyciprop(~x, designs[[design]], method = method, level = level)
      rows <- rbind(rows, data.frame(
        design = design, level = level, method = method, value = as.numeric(found),
        low = confint(found)[1], high = confint(found)[2],
        error = as.numeric(SE(svymean(~x, designs[[design]]))),
        effect = as.numeric(deff(svymean(~x, designs[["plain"]], deff = "replace")))
      ))
    }
  }
}
write.csv(format(rows, digits = 15), stdout(), row.names = FALSE, quote = FALSE)
cat("#", R.version.string, "survey", as.character(packageVersion("survey")), "\n")
