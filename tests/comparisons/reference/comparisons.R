# Reference values for tests/comparisons. Run here: Rscript comparisons.R
# Needs r-base-core, r-cran-geepack, r-cran-metafor. Tests read only the .csv files.
library(geepack)
library(metafor)

# the two-way model: 60 items, 3 predictors x 3 targets, one covariate
set.seed(20)
cells <- expand.grid(item = 1:60, predictor = c("a", "b", "c"), target = c("a", "b", "c"))
cells <- cells[!(cells$predictor == "c" & cells$target == "a"), ]
cells$self <- as.integer(cells$predictor == cells$target)
cells$similarity <- round(ifelse(cells$self == 1, 1, runif(nrow(cells))), 2)
ease <- rnorm(60)
eta <- 0.2 + c(a = 0, b = 0.4, c = -0.3)[cells$predictor] +
  c(a = 0, b = -0.5, c = 0.2)[cells$target] + 0.6 * cells$self +
  0.3 * cells$similarity + ease[cells$item]
cells$trials <- 1 + cells$item %% 3
cells$match <- rbinom(nrow(cells), cells$trials, plogis(eta))
cells <- cells[order(cells$item, cells$predictor, cells$target), ]
write.csv(cells, "two_way_cells.csv", row.names = FALSE)
long <- cells[rep(seq_len(nrow(cells)), cells$trials), ]
long$y <- unlist(mapply(function(n, k) rep(c(1, 0), c(k, n - k)), cells$trials, cells$match))
models <- list(plain = y ~ predictor + target + self,
               similarity = y ~ predictor + target + similarity + self)
fits <- do.call(rbind, lapply(names(models), function(name) {
  fit <- geeglm(models[[name]], id = item, data = long, family = binomial,
                corstr = "independence")
  found <- coef(summary(fit))
  # average marginal effect of self, and its delta-method error
  x1 <- x0 <- long
  x1$self <- 1
  x0$self <- 0
  m1 <- model.matrix(delete.response(terms(models[[name]])), x1)
  m0 <- model.matrix(delete.response(terms(models[[name]])), x0)
  p1 <- plogis(m1 %*% coef(fit))
  p0 <- plogis(m0 %*% coef(fit))
  slope <- colMeans(m1 * as.vector(p1 * (1 - p1)) - m0 * as.vector(p0 * (1 - p0)))
  data.frame(model = name, term = rownames(found), estimate = found[, 1],
             standard_error = found[, 2], marginal = mean(p1 - p0),
             marginal_error = sqrt(as.numeric(t(slope) %*% vcov(fit) %*% slope)))
}))
write.csv(fits, "two_way_fits.csv", row.names = FALSE)

# random effects: heterogeneous, nearly homogeneous, two tasks
sets <- list(
  varied = data.frame(y = c(0.10, 0.32, -0.05, 0.21, 0.44), s = c(0.04, 0.06, 0.05, 0.09, 0.07)),
  alike = data.frame(y = c(0.10, 0.12, 0.11, 0.09), s = c(0.05, 0.06, 0.04, 0.05)),
  two = data.frame(y = c(0.02, 0.30), s = c(0.05, 0.08)))
out <- do.call(rbind, lapply(names(sets), function(name) {
  d <- sets[[name]]
  fit <- rma(d$y, sei = d$s, method = "PM", test = "adhoc",
             control = list(tol = 1e-12, maxiter = 1000))
  pi <- if (nrow(d) > 2) {
    half <- qt(0.975, nrow(d) - 2) * sqrt(fit$tau2 + fit$se^2)
    c(fit$b - half, fit$b + half)
  } else c(NA, NA)
  data.frame(set = name, value = as.numeric(fit$b), standard_error = fit$se, low = fit$ci.lb,
             high = fit$ci.ub, p_value = fit$pval, tau2 = fit$tau2, q = fit$QE,
             q_p_value = fit$QEp, prediction_low = pi[1], prediction_high = pi[2])
}))
write.csv(out, "random_effects.csv", row.names = FALSE)

# two one-sided tests and superiority on paired differences; adjusted p-values
d <- c(0.03, -0.10, 0.05, 0.12, -0.02, 0.07, 0.01, 0.04, -0.06, 0.09)
margin <- 0.08
lower <- t.test(d, mu = -margin, alternative = "greater")$p.value
upper <- t.test(d, mu = margin, alternative = "less")$p.value
inside <- t.test(d, conf.level = 0.9)$conf.int
p <- c(0.001, 0.012, 0.013, 0.04, 0.04, 0.6)
write.csv(data.frame(name = c("tost", "superiority", "low90", "high90"),
                     value = c(max(lower, upper),
                               t.test(d, mu = 0.01, alternative = "greater")$p.value, inside)),
          "margins.csv", row.names = FALSE)
write.csv(data.frame(p = p, holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH")),
          "adjusted.csv", row.names = FALSE)
