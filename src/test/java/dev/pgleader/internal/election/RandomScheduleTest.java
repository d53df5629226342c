package dev.pgleader.internal.election;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.internal.election.Participant.Event;
import dev.pgleader.internal.election.ScenarioWorld.Trip;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Thousands of schedules that nobody thought of: what a few candidates do when one thing after another goes wrong, at
 * random moments, over a network that delays every statement. The promises are checked all along by
 * {@link ScenarioWorld}, and after each fault somebody must lead again.
 *
 * <p>A failure names its seed; {@code -Dschedule.seed=4711} plays that one alone, and {@code -Dschedules=100000} plays
 * more of them.
 */
class RandomScheduleTest {

    private static final int SCHEDULES = Integer.getInteger("schedules", 1000);
    private static final int FAULTS = 6;
    private static final Duration AT_REST = Duration.ofSeconds(20);

    @Test
    void schedule_oneFaultAfterAnother_neverTwoLeadersAndAlwaysOneAgain() {
        Long only = Long.getLong("schedule.seed");
        LongStream seeds = only == null ? LongStream.range(0, SCHEDULES) : LongStream.of(only);
        seeds.forEach(seed -> {
            Schedule schedule = new Schedule(seed);
            try {
                schedule.play();
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("-Dschedule.seed=" + seed + " after " + schedule.story, broken);
            }
        });
    }

    /** One schedule: everything in it comes from its seed. */
    private static final class Schedule {

        private static final Duration LEASE = Duration.ofSeconds(5);
        private static final Duration REFRACTORY = Duration.ofMillis(1500);
        private static final Duration RETRY = Duration.ofSeconds(2);
        private static final Duration DRAIN = Duration.ofSeconds(6);
        private static final int RATES_DIFFER_PPM = 9_800;

        private final List<String> story = new ArrayList<>();
        private final Random random;
        private final boolean onSessionEnd;
        private final ScenarioWorld world = new ScenarioWorld(this::trip, (now, who, event, before, step) -> {});
        private Optional<Trip> trouble = Optional.empty();
        private int started;

        Schedule(long seed) {
            random = new Random(seed);
            onSessionEnd = random.nextInt(3) == 0;
            world.order = candidates -> {
                List<Participant> shuffled = new ArrayList<>(candidates);
                Collections.shuffle(shuffled, random);
                return shuffled;
            };
            world.watchdogIsLate = random::nextBoolean;
            world.jitter = retry -> retry.multipliedBy(80 + random.nextInt(41)).dividedBy(100);
        }

        void play() {
            start();
            start();
            for (int fault = 0; fault < FAULTS; fault++) {
                pass(3000);
                suffer(random.nextInt(18));
                world.advance(AT_REST);
                checkSomebodyLeads();
                if (world.participants.size() < 3) {
                    start();
                }
            }
        }

        private void start() {
            int ratePpm = random.nextInt(RATES_DIFFER_PPM) - RATES_DIFFER_PPM / 2;
            String name = "p" + started++;
            Timings timings = new Timings(LEASE, REFRACTORY, RETRY, DRAIN, onSessionEnd);
            Preference preference = new Preference(random.nextInt(3), random.nextBoolean(), false);
            Participant fresh =
                    new Participant(name, preference, timings, random.nextLong() >> 8, ratePpm, world.now());
            fresh.stopsAfter = Duration.ofMillis(random.nextBoolean() ? 0 : random.nextInt(9000));
            world.participants.put(name, fresh);
            tell("start " + name);
        }

        private void suffer(int fault) {
            Participant victim = any();
            switch (fault) {
                case 0 -> crash(victim);
                case 1 -> freeze(victim);
                case 2 -> cut(victim);
                case 3 -> {
                    tell("terminate " + victim.name);
                    victim.session.ifPresent(world.database::end);
                    world.wire.noticeDeadSessions();
                }
                case 4, 5 -> {
                    tell("trouble with one statement");
                    trouble = Optional.of(new Trip(upTo(3000), upTo(6000), random.nextBoolean()));
                    userActs();
                    pass(4000);
                    trouble = Optional.empty();
                }
                case 6, 7 -> {
                    tell("clock");
                    int seconds = random.nextBoolean() ? 3600 : random.nextInt(12);
                    world.database.setClockBy(Duration.ofSeconds(random.nextBoolean() ? seconds : -seconds));
                    userActs();
                }
                case 8 -> restart();
                case 9 -> lockRow();
                case 10 -> {
                    tell("wall clock of " + victim.name);
                    victim.setWallClockBy(Duration.ofSeconds(random.nextInt(7200) - 3600));
                }
                case 14, 15, 16, 17 -> otherHands(fault);
                case 11 -> victim.work.ifPresent(work -> world.fail(victim));
                default -> userActs();
            }
        }

        private void crash(Participant victim) {
            tell("crash " + victim.name);
            world.wire.crash(victim);
            start();
        }

        private void freeze(Participant victim) {
            boolean suspended = random.nextBoolean();
            tell((suspended ? "suspend " : "pause ") + victim.name);
            long since = world.now();
            victim.frozen = true;
            pass(12_000);
            victim.frozen = false;
            if (suspended) {
                victim.suspendedFor(Duration.ofNanos(world.now() - since));
            }
        }

        private void cut(Participant victim) {
            tell("cut " + victim.name);
            victim.cut = true;
            pass(12_000);
            userActs();
            tell("heal");
            world.wire.heal(victim);
        }

        private void restart() {
            boolean promoted = random.nextBoolean();
            tell(promoted ? "promote" : "restart");
            if (promoted) {
                world.database.replicate();
                world.database.promoteStandby();
            } else {
                world.database.restart();
            }
            world.wire.noticeDeadSessions();
        }

        private void lockRow() {
            tell("lock the row");
            world.database.lockRow(true);
            pass(12_000);
            userActs();
            pass(3000);
            world.database.lockRow(false);
        }

        private void otherHands(int fault) {
            tell("other hands " + fault);
            switch (fault) {
                case 14 -> world.database.emptyByHand();
                case 15 -> world.database.deleteRow();
                case 16 -> world.database.deleteSession(any().lease.id());
                default -> {
                    world.database.save();
                    pass(12_000);
                    world.database.restore();
                }
            }
            userActs();
        }

        private void userActs() {
            pass(1500);
            Participant who = any();
            if (random.nextInt(3) == 0) {
                Succession.Request request = request();
                tell("SQL: " + request);
                world.database.request(request);
                world.wire.announceToAll(News.CHANGED);
            } else if (random.nextBoolean()) {
                Succession.Request request = request();
                tell("ask " + who.name + ": " + request);
                who.mail.add(new Event("resign asked", (state, me, now) -> state.resignAsked(me, request, now)));
            } else if (world.participants.size() > 1) {
                tell("close " + who.name);
                who.mail.add(new Event("close asked", State::closeAsked));
                start();
            }
        }

        private Succession.Request request() {
            return random.nextBoolean()
                    ? Succession.Request.RESIGN
                    : Succession.Request.handOverTo(random.nextInt(4) == 0 ? "nobody" : any().name);
        }

        private Trip trip(Participant sender, Statement statement) {
            if (trouble.isPresent() && random.nextInt(5) == 0) {
                Trip bad = trouble.get();
                trouble = Optional.empty();
                return bad;
            }
            return new Trip(upTo(20), upTo(20), false);
        }

        private void checkSomebodyLeads() {
            world.participants.values().removeIf(each -> each.state instanceof Closed && each.work.isEmpty());
            long leaders = world.participants.values().stream()
                    .filter(each -> each.isHeld(world.now()))
                    .count();
            assertEquals(1, leaders, () -> "leaders after all is well again: " + world.promises.describeStates());
        }

        private Participant any() {
            List<Participant> all = List.copyOf(world.participants.values());
            return all.get(random.nextInt(all.size()));
        }

        private Duration upTo(int millis) {
            return Duration.ofNanos((long) (random.nextDouble() * millis * 1_000_000));
        }

        private void pass(int millis) {
            world.advance(upTo(millis));
        }

        private void tell(String what) {
            story.add(Duration.ofNanos(world.now()) + " " + what);
        }
    }
}
