package dev.pgleader.internal.election;

/**
 * Elected and ready to serve.
 *
 * @param tenure the leadership's time
 */
record Leading(Tenure tenure) implements Governing {

    @Override
    public Phase phase() {
        return Phase.LEADING;
    }

    @Override
    public Governing with(Tenure renewed) {
        return new Leading(renewed);
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
