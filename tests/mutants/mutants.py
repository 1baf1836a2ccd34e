"""Deliberate mistakes: one line of the core, the ensemble or the risk gate each, and the test that must notice."""

from typing import NamedTuple

CORE = "tests/core/"
CATEGORY, KEYED = CORE + "test_category_laws.py::", CORE + "test_keyed_laws.py::"
KNOT, PAST, FUSE = CORE + "test_feedback_laws.py::", CORE + "test_causality_replay.py::", CORE + "test_fuse.py::"
BLEND, HEDGE = "tests/signals/test_ensemble_laws.py::", "tests/signals/test_hedge.py::"
TOGETHER = "tests/signals/test_member_correlations.py::"
REGIMES = "tests/signals/test_regime_gate.py::"
RULES, GROUPS = "tests/signals/test_learning_rules.py::", "tests/signals/test_ensemble_groups.py::"
GUARD = "tests/signals/test_strategy_isolation.py::"
GATE, LAWS = "tests/risk/test_risk_checks.py::", "tests/risk/test_risk_laws.py::"

CHECKS, VALUES, TEXT = (CORE + f"test_{of}.py::" for of in ("checks_of_laws", "values_of_checks", "purity_of_text"))


class Mutant(NamedTuple):
    """A line of `file`, what it becomes, and the test that must fail then."""

    name: str
    file: str
    line: str
    becomes: str
    killed_by: str


MUTANTS = (
    Mutant(
        "series-forgets-its-second-state",
        "catui/core/machine.py",
        "            return (s, t), c\n",
        "            return (s, state[1]), c\n",
        CATEGORY + "test_running_a_series_is_running_one_after_the_other",
    ),
    Mutant(
        "fanout-feeds-one-side-with-the-other",
        "catui/core/machine.py",
        "            t, c = right(t, a)\n            return (s, t), (b, c)\n",
        "            t, c = right(t, b)\n            return (s, t), (b, c)\n",
        CATEGORY + "test_fanout_by_hand",
    ),
    Mutant(
        "parallel-crosses-its-wires",
        "catui/core/machine.py",
        "            return (s, t), (b, d)\n",
        "            return (s, t), (d, b)\n",
        CATEGORY + "test_parallel_by_hand",
    ),
    Mutant(
        "an-untouched-wire-is-replaced",
        "catui/core/machine.py",
        "        return (s, None), (b, pair[1])\n",
        "        return (s, None), (b, b)\n",
        CATEGORY + "test_a_wire_that_nothing_touches_by_hand",
    ),
    Mutant(
        "feedback-never-comes-back",
        "catui/core/machine.py",
        "            s, (b, c) = body(s, (a, c))\n",
        "            s, (b, _) = body(s, (a, c))\n",
        KNOT + "test_feedback_by_hand",
    ),
    Mutant(
        "a-delay-that-does-not-wait",
        "catui/core/machine.py",
        "        return a, held\n",
        "        return a, a\n",
        KNOT + "test_no_yanking_a_crossed_wire_fed_back_is_a_delay",
    ),
    Mutant(
        "every-key-begins-from-the-last-one",
        "catui/core/machine.py",
        "            state, b = step(states.get(key, first), a)\n",
        "            state, b = step(states.get(key, next(reversed(states.values()), first)), a)\n",
        KEYED + "test_what_a_key_gives_depends_on_its_own_inputs_only",
    ),
    Mutant(
        "each-writes-into-the-state-before",
        "catui/core/machine.py",
        "            return {**states, key: state}, (key, b)\n",
        "            states[key] = state\n            return states, (key, b)\n",
        KEYED + "test_a_step_of_each_leaves_the_state_before_it_alone",
    ),
    Mutant(
        "many-forgets-between-two",
        "catui/core/machine.py",
        "                state, b = step(state, a)\n                outputs.append(b)\n",
        "                _, b = step(state, a)\n                outputs.append(b)\n",
        KEYED + "test_many_by_hand",
    ),
    Mutant(
        "an-optional-machine-runs-on-nothing",
        "catui/core/machine.py",
        "            return (state, None) if a is None else step(state, a)\n",
        "            return (state, None) if a is None or not a else step(state, a)\n",
        KEYED + "test_optional_by_hand",
    ),
    Mutant(
        "a-guard-lets-nan-through",
        "catui/core/guard.py",
        "type(y) is not bool and self.low <= y <= self.high:\n",
        "type(y) is not bool and not (y < self.low or y > self.high):\n",
        GUARD + "test_a_strategy_that_goes_wrong_is_stopped_for_good",
    ),
    Mutant(
        "a-stopped-cell-speaks-again",
        "catui/core/guard.py",
        "            if cell.error:\n",
        "            if cell.error and False:\n",
        GUARD + "test_a_strategy_that_would_behave_again_stays_stopped",
    ),
    Mutant(
        "fusion-takes-the-other-branch",
        "catui/core/fuse/join.py",
        "            parts = [(t, Scalar(ast.IfExp(test.expr, a.expr, b.expr), a.kind)) for t, a, b in self.choices]\n",
        "            parts = [(t, Scalar(ast.IfExp(test.expr, b.expr, a.expr), a.kind)) for t, a, b in self.choices]\n",
        FUSE + "test_a_fused_machine_is_the_machine_to_the_bit",
    ),
    Mutant(
        "fusion-shares-what-is-not-the-same",
        "catui/core/fuse/tree.py",
        "        key = (id(machine), _texts(a), repr(init))\n",
        "        key = (type(machine), _texts(a), repr(init))\n",
        FUSE + "test_a_fused_machine_is_the_machine_to_the_bit",
    ),
    Mutant(
        "fusion-lets-an-output-change-with-its-state",
        "catui/core/fuse/tree.py",
        "                if out.text in changed:\n",
        "                if out.text in changed and False:\n",
        FUSE + "test_no_yanking_in_one_text",
    ),
    Mutant(
        "fusion-takes-a-power-for-the-same",
        "catui/core/fuse/expressions.py",
        "        if isinstance(op, ast.Pow):\n",
        "        if isinstance(op, ast.MatMult):\n",
        FUSE + "test_what_is_outside_is_named_with_its_place_and_its_mend",
    ),
    Mutant(
        "a-fused-state-is-used-twice",
        "catui/core/fuse/live.py",
        "        return live if self.count == live.count else ",
        "        return live if live.is_flat else ",
        FUSE + "test_a_state_can_be_used_again",
    ),
    Mutant(
        "a-division-that-may-fail-is-left-out",
        "catui/core/fuse/unread.py",
        "            return by in above_zero and cannot_raise(left, above_zero)\n",
        "            return cannot_raise(left, above_zero)\n",
        CORE + "test_fuse_unread.py::test_a_division_that_nobody_reads_still_fails",
    ),
    Mutant(
        "the-straight-way-is-taken-where-something-is-missing",
        "catui/core/fuse/usual.py",
        "{' and '.join(sorted(flags))}",
        "{' or '.join(sorted(flags))}",
        CORE + "test_fuse_usual.py::test_both_ways_are_the_step_to_the_bit",
    ),
    Mutant(
        "a-blend-may-leave-its-bounds",
        "catui/ensemble/blend.py",
        "    return 1.0 if found > 1.0 else (-1.0 if found < -1.0 else found)\n",
        "    return found\n",
        BLEND + "test_rounding_never_passes_a_full_exposure",
    ),
    Mutant(
        "a-draining-member-grows",
        "catui/ensemble/blend.py",
        "            min(max(part, min(0.0, was)), max(0.0, was)) if is_draining else part\n",
        "            part\n",
        BLEND + "test_a_draining_member_only_shrinks_by_hand",
    ),
    Mutant(
        "a-member-is-judged-by-what-it-wants-now",
        "catui/ensemble/weights.py",
        "            gain(was, log_return, x - was, cost_bps) if",
        "            gain(x, log_return, x - was, cost_bps) if",
        BLEND + "test_a_return_judges_what_was_held_over_it_and_not_what_is_wanted_now",
    ),
    Mutant(
        "the-best-member-is-taught-backwards",
        "catui/ensemble/hedge.py",
        "exp(rate * (g - best))",
        "exp(rate * (best - g))",
        HEDGE + "test_equal_gains_teach_nothing_and_the_best_gains_weight",
    ),
    Mutant(
        "the-floor-is-taken-from-nobody",
        "catui/ensemble/weights.py",
        "    scale = (mass - count * least) / whole\n",
        "    scale = mass / whole\n",
        HEDGE + "test_a_lesson_by_hand",
    ),
    Mutant(
        "turning-over-is-free",
        "catui/ensemble/weights.py",
        "    return signal * log_return - cost_bps * 1e-4 * abs(turned)\n",
        "    return signal * log_return\n",
        HEDGE + "test_a_gain_is_the_return_of_what_was_held_less_the_cost_of_the_change",
    ),
    Mutant(
        "eg-forgets-what-the-blend-is-worth",
        "catui/ensemble/exponentiated_gradient.py",
        "    return tuple([x * scale for x in relatives])\n",
        "    return relatives\n",
        RULES + "test_two_lessons_of_eg_by_hand",
    ),
    Mutant(
        "the-penalty-is-for-nothing",
        "catui/ensemble/follow_the_leader.py",
        "(1.0 - penalty / distance if distance > penalty else 0.0)",
        "1.0",
        RULES + "test_the_weights_stop_at_the_penalty_from_the_leader",
    ),
    Mutant(
        "the-projection-looks-once",
        "catui/ensemble/follow_the_leader.py",
        "            theta = _threshold(values, judged, mass, theta)\n",
        "            pass\n",
        RULES + "test_the_projection_is_the_nearest_point_of_the_simplex",
    ),
    Mutant(
        "a-hand-does-not-change-the-budgets",
        "catui/ensemble/inverse_volatility.py",
        "    return Risks(weights, budgets, m.squares, m.seen)\n",
        "    return Risks(weights, m.budgets, m.squares, m.seen)\n",
        RULES + "test_budgets_multiply_and_a_weight_set_by_hand_is_a_budget",
    ),
    Mutant(
        "a-group-is-heard-though-nobody-in-it-speaks",
        "catui/ensemble/groups.py",
        "exposure if any(is_in) else None)",
        "exposure)",
        GROUPS + "test_groups_by_hand",
    ),
    Mutant(
        "a-regime-chatters",
        "catui/ensemble/regime.py",
        "ratio >= leave if was_upper else ratio > enter",
        "ratio > enter",
        REGIMES + "test_the_regime_holds_between_its_thresholds_by_hand",
    ),
    Mutant(
        "who-is-bound-trades-before-the-regime-is-known",
        "catui/ensemble/regime.py",
        "is_lower = now is not None and now.is_upper is not None and not now.is_upper",
        "is_lower = not is_upper",
        REGIMES + "test_who_is_bound_takes_part_in_its_regime_alone",
    ),
    Mutant(
        "correlations-are-of-what-is-wanted-now",
        "catui/ensemble/moments.py",
        "gain(was, change, now - was, cost_bps)",
        "gain(now, change, now - was, cost_bps)",
        TOGETHER + "test_a_sample_by_hand",
    ),
    Mutant(
        "every-quote-is-a-sample",
        "catui/ensemble/moments.py",
        ">= SAMPLE_S:",
        ">= 0.0:",
        TOGETHER + "test_within_a_second_nothing_is_sampled",
    ),
    Mutant(
        "of-two-caps-the-last-holds",
        "catui/risk/gate.py",
        "    lots = min([intent.lots, *[max(0, reading.lots) for reading in readings if isinstance(reading, Cap)]])\n",
        "    lots = [intent.lots, *[max(0, reading.lots) for reading in readings if isinstance(reading, Cap)]][-1]\n",
        GATE + "test_of_two_caps_the_smaller_holds_and_both_are_told",
    ),
    Mutant(
        "a-refusal-is-forgotten",
        "catui/risk/gate.py",
        "    is_refused = any(isinstance(reading, Refuse) for reading in readings)\n",
        "    is_refused = False\n",
        GATE + "test_halted_refuses_every_order",
    ),
    Mutant(
        "only-the-first-reason-is-told",
        "catui/risk/gate.py",
        "    found = tuple(sorted(dict.fromkeys(reasons), key=lambda reason: (reason.check, reason.text)))\n",
        "    found = tuple(reasons[:1])\n",
        GATE + "test_every_reason_is_told_and_not_the_first_alone",
    ),
    Mutant(
        "the-largest-order-is-one-more",
        "catui/risk/caps.py",
        "        return Cap(limit // unit, reason)\n",
        "        return Cap(limit // unit + 1, reason)\n",
        GATE + "test_an_order_is_cut_to_its_largest_worth",
    ),
    Mutant(
        "what-works-takes-no-room",
        "catui/risk/caps.py",
        "        room = limit // unit - worst\n        measured",
        "        room = limit // unit\n        measured",
        GATE + "test_the_worst_case_of_the_desk_counts_what_is_held_and_what_works_on_that_side",
    ),
    Mutant(
        "an-input-is-shown-as-it-became",
        "catui/core/check/streams.py",
        "        for i, a in enumerate(anew(xs)):\n",
        "        for i, a in enumerate(xs):\n",
        CHECKS + "test_an_input_that_is_changed_is_shown_as_it_was",
    ),
    Mutant(
        "a-run-is-compared-with-itself",
        "catui/core/check/streams.py",
        "        first, second = told(machine, xs).words, told(machine, xs).words\n",
        "        first = second = told(machine, xs).words\n",
        CHECKS + "test_what_only_a_second_run_tells_is_not_repeatable",
    ),
    Mutant(
        "a-state-goes-on-itself-and-not-as-a-copy",
        "catui/core/check/streams.py",
        "resume(machine, anew(first.state))",
        "resume(machine, first.state)",
        CHECKS + "test_a_state_that_is_known_by_its_identity_does_not_replay",
    ),
    Mutant(
        "silence-is-wanted-one-input-too-long",
        "catui/core/check/outputs.py",
        "xs[: first - 1]",
        "xs[:first]",
        CHECKS + "test_a_warm_up_is_kept_by_speaking_neither_early_nor_late",
    ),
    Mutant(
        "a-reading-may-end-in-any-state",
        "catui/core/check/readings.py",
        "        if written(state) != written(meant.state):\n",
        "        if not outputs and written(state) != written(meant.state):\n",
        CHECKS + "test_a_reading_that_says_something_else_is_shown",
    ),
    Mutant(
        "nearness-is-never-relative",
        "catui/core/check/values.py",
        "tolerance * max(1.0, abs(value), abs(other))",
        "tolerance",
        VALUES + "test_nearness_is_relative_above_one_and_absolute_below",
    ),
    Mutant(
        "what-one-branch-holds-is-forgotten",
        "catui/core/purity/look.py",
        "any(one.get(name, False) for one in after)",
        "all(one.get(name, False) for one in after)",
        TEXT + "test_what_a_step_does_besides_computing_is_named",
    ),
    Mutant(
        "a-slice-is-what-it-was-cut-from",
        "catui/core/purity/look.py",
        " and not isinstance(at, ast.Slice)",
        "",
        TEXT + "test_what_a_step_has_made_itself_it_may_change",
    ),
)
