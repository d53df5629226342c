package dev.pgleader.peers.page;

import dev.pgleader.peers.result.Samples;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.batik.dom.GenericDOMImplementation;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.w3c.dom.Document;

/**
 * Every measured value as a dot, a row for each system, on a logarithmic axis; a thick mark at the median and a thin one at the
 * 99th percentile, or at the greatest value where there are too few for that.
 *
 * <p>Dots are spread over the height of their row by a fixed pattern: up and down means nothing.
 */
final class StripPlot {

    private static final int WIDTH = 860;
    private static final int ROW_HEIGHT = 68;
    private static final int TOP = 42;
    private static final int BOTTOM = 42;
    private static final int SIDE = 12;
    private static final int EDGE = 4;
    private static final int MARKS = 14;
    private static final double TEXT_ABOVE = 0.80;
    private static final double STRIP_AT = 0.38;
    private static final double SPREAD = 0.36;

    /** The golden ratio's fractional part: multiples of it fill a row evenly without forming lines. */
    private static final double GOLDEN = 0.6180339887498949;

    private static final Color INK = new Color(0x22, 0x26, 0x2a);
    private static final Color FAINT_INK = new Color(0x66, 0x6c, 0x72);
    private static final Color GRID = new Color(0xee, 0xf0, 0xf2);
    private static final Color GRID_OF_DECADE = new Color(0xcf, 0xd4, 0xd9);
    private static final Font TITLE = new Font("sans-serif", Font.BOLD, 16);
    private static final Font NAME = new Font("sans-serif", Font.BOLD, 13);
    private static final Font PLAIN = new Font("sans-serif", Font.PLAIN, 12);

    private final String title;
    private final String axis;
    private final String unit;
    private final List<Strip> strips;
    private final Scale scale;

    /**
     * Makes a plot.
     *
     * @param axis what the values are, with their unit
     * @param unit the unit alone
     */
    StripPlot(String title, String axis, String unit, List<Strip> strips) {
        this.title = title;
        this.axis = axis;
        this.unit = unit;
        this.strips = List.copyOf(strips);
        this.scale = Scale.around(strips.stream()
                .flatMap(strip -> strip.samples().values().stream())
                .toList());
    }

    /** A vertical line through a row. */
    private static final class Bar extends Marker {

        private static final int REACH = 15;
        private final float width;

        Bar(float width) {
            this.width = width;
        }

        @Override
        public void paint(Graphics2D g, double x, double y, int size) {
            g.setStroke(new BasicStroke(width));
            g.draw(new Line2D.Double(x, y - REACH, x, y + REACH));
        }
    }

    /** Writes the plot as SVG. */
    void write(Path file) throws IOException {
        Document document = GenericDOMImplementation.getDOMImplementation()
                .createDocument("http://www.w3.org/2000/svg", "svg", null);
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
        context.setComment(null);
        SVGGraphics2D g = new SVGGraphics2D(context, false);
        paint(g);
        StringWriter text = new StringWriter();
        g.stream(text, true);
        Files.writeString(file, text.toString());
    }

    private void paint(SVGGraphics2D g) {
        int inner = ROW_HEIGHT * strips.size();
        g.setSVGCanvasSize(new Dimension(WIDTH, TOP + inner + BOTTOM));
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, TOP + inner + BOTTOM);
        g.setColor(INK);
        g.setFont(TITLE);
        g.drawString(title, SIDE, TOP - 14);
        g.translate(0, TOP);
        XYChart chart = chart(inner);
        chart.paint(g, WIDTH, inner);
        for (int row = 0; row < strips.size(); row++) {
            label(g, chart, row);
        }
        axis(g, chart, inner);
    }

    private XYChart chart(int height) {
        XYChart chart = new XYChartBuilder().width(WIDTH).height(height).build();
        style(chart.getStyler());
        for (double mark : scale.marks()) {
            double x = scale.position(mark);
            XYSeries line = chart.addSeries("mark " + mark, new double[] {x, x}, new double[] {0, strips.size()});
            line.setMarker(SeriesMarkers.NONE);
            line.setLineColor(isDecade(mark) ? GRID_OF_DECADE : GRID);
            line.setLineStyle(new BasicStroke(1));
        }
        for (int row = 0; row < strips.size(); row++) {
            Strip strip = strips.get(row);
            dots(chart, strip, row);
            bar(chart, strip, row, "p50", strip.samples().median(), new Bar(4));
            bar(chart, strip, row, "far", far(strip.samples()), new Bar(1.6f));
        }
        return chart;
    }

    private void style(XYStyler styler) {
        styler.setXAxisMin(scale.position(scale.least()))
                .setXAxisMax(scale.position(scale.greatest()))
                .setYAxisMin(0.0)
                .setYAxisMax((double) strips.size())
                .setAxisTicksVisible(false)
                .setAxisTitlesVisible(false)
                .setPlotGridLinesVisible(false)
                .setPlotMargin(0);
        styler.setLegendVisible(false)
                .setChartTitleVisible(false)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setPlotContentSize(1)
                .setChartPadding(SIDE)
                .setMarkerSize(6);
    }

    private static boolean isDecade(double mark) {
        double power = Math.log10(mark);
        return Math.abs(power - Math.rint(power)) < 1e-9;
    }

    /** Labels the round numbers: all of them, or the powers of ten where that would be too many. */
    private void axis(Graphics2D g, XYChart chart, int top) {
        boolean all = scale.marks().size() <= MARKS;
        g.setFont(PLAIN);
        g.setColor(INK);
        FontMetrics metrics = g.getFontMetrics();
        for (double mark : scale.marks()) {
            if (all || isDecade(mark)) {
                String text = Numbers.tick(mark, unit);
                double x = chart.getScreenXFromChart(scale.position(mark)) - metrics.stringWidth(text) / 2.0;
                double inside = Math.max(EDGE, Math.min(WIDTH - EDGE - metrics.stringWidth(text), x));
                g.drawString(text, (float) inside, top + 8);
            }
        }
        g.setColor(FAINT_INK);
        g.drawString(scale.hasClipped() ? axis + "; zero stands at the left edge" : axis, SIDE, top + 30);
    }

    private void dots(XYChart chart, Strip strip, int row) {
        List<Double> x = strip.samples().values().stream().map(scale::position).toList();
        List<Double> y = new ArrayList<>();
        for (int i = 0; i < x.size(); i++) {
            double within = (i + 1) * GOLDEN % 1 - 0.5;
            y.add(middle(row) + within * SPREAD);
        }
        XYSeries series = chart.addSeries("dots " + row, x, y);
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setMarkerColor(strip.tint().translucent());
    }

    private void bar(XYChart chart, Strip strip, int row, String name, double value, Marker marker) {
        XYSeries series =
                chart.addSeries(name + " " + row, new double[] {scale.position(value)}, new double[] {middle(row)});
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        series.setMarker(marker);
        series.setMarkerColor(strip.tint().color());
    }

    private double middle(int row) {
        return strips.size() - 1 - row + STRIP_AT;
    }

    private static double far(Samples samples) {
        return samples.isEnoughFor(99) ? samples.percentile(99) : samples.max();
    }

    private void label(Graphics2D g, XYChart chart, int row) {
        Strip strip = strips.get(row);
        Samples samples = strip.samples();
        float baseline = (float) chart.getScreenYFromChart(strips.size() - 1 - row + TEXT_ABOVE);
        int left = SIDE + 4;
        int right = WIDTH - SIDE - 4;
        g.setColor(strip.tint().color());
        g.setFont(NAME);
        g.drawString(strip.title(), left, baseline);
        float after = left + g.getFontMetrics().stringWidth(strip.title()) + 10;
        g.setColor(FAINT_INK);
        g.setFont(PLAIN);
        g.drawString(strip.settings(), after, baseline);
        String far = (samples.isEnoughFor(99) ? "p99 " : "max ") + Numbers.withUnit(far(samples), unit);
        String numbers = "p50 " + Numbers.withUnit(samples.median(), unit) + "   " + far + "   n = " + samples.count();
        g.setColor(INK);
        g.drawString(numbers, right - g.getFontMetrics().stringWidth(numbers), baseline);
    }
}
