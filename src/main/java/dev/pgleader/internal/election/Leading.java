package dev.pgleader.internal.election;

/**
 * Elected and ready to serve.
 *
 * @param tenure the leadership's time
 * @param told whether the row says so; it is tried again with each heartbeat until it does
 */
record Leading(Tenure tenure, boolean told) implements Governing {

    @Override
    public Step extended(Tenure renewed) {
        Command extend = new Command.ExtendTrust(renewed);
        State next = new Leading(renewed, told);
        return told ? Step.to(next, extend) : Step.to(next, extend, new Command.Lead(renewed));
    }

    @Override
    public Step led(Candidate me, long term, Reading now) {
        return term == tenure.term() ? Step.to(new Leading(tenure, true)) : stay();
    }

    @Override
    public Step recovered(Candidate me, long term, Reading now) {
        return stay();
    }

    @Override
    public Stage stage() {
        return Stage.LEADING;
    }
}
