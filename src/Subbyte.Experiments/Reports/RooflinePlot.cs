using static System.FormattableString;

namespace Subbyte.Experiments.Reports;

/// <summary>
/// A roofline as inline SVG: each layer's multiply-accumulates a cycle over those a byte of DRAM traffic, under the array's peak and, where DRAM has a
/// limit, under its slope. Both axes are logarithmic.
/// </summary>
/// <param name="document">The simulation.</param>
internal sealed class RooflinePlot(SimulationDocument document)
{
    private const double Width = 760;
    private const double Height = 340;
    private const double Left = 60;
    private const double Right = Width - 14;
    private const double Top = 14;
    private const double Bottom = Height - 46;

    /// <summary>Writes the plot.</summary>
    /// <param name="html">Where to write.</param>
    public void Write(MarkupWriter html)
    {
        var layers = document.Results.Where(result => result.Cost.Macs > 0 && Bytes(result) > 0).ToArray();
        if (layers.Length == 0) return;
        var peak = Math.Max((double)document.Array.Rows * document.Array.Columns, layers.Max(Rate));
        // Elements that take several operands a step do more than one multiply-accumulate a cycle.
        var intensities = PlotAxis.Logarithmic([.. layers.Select(Intensity)]);
        var rates = PlotAxis.Logarithmic([.. layers.Select(Rate), peak]);
        double X(double intensity) => Left + (intensities.Position(intensity) * (Right - Left));
        double Y(double rate) => Bottom - (rates.Position(rate) * (Bottom - Top));
        using var svg = html.In("svg", ("class", "scatter"), ("viewBox", Invariant($"0 0 {Width:0} {Height:0}")), ("font-size", "11.5"), ("role", "img"), ("aria-label", $"Roofline of {Quantity.Whole(layers.Length)} layers; the peak is {Quantity.Significant(peak)} multiply-accumulates a cycle."));
        using (html.In("g", ("class", "axes")))
        {
            foreach (var tick in rates.Ticks(1, 7))
            {
                Line(html, "grid", Left, Y(tick), Right, Y(tick));
                html.Leaf("text", Quantity.Count.Format(tick), ("x", Number(Left - 8)), ("y", Number(Y(tick) + 4)), ("text-anchor", "end"));
            }

            foreach (var tick in intensities.Ticks(1, 9))
            {
                Line(html, "grid", X(tick), Top, X(tick), Bottom);
                html.Leaf("text", Quantity.Count.Format(tick), ("x", Number(X(tick))), ("y", Number(Bottom + 18)), ("text-anchor", "middle"));
            }

            html.Leaf("text", "multiply-accumulates for a byte of DRAM traffic", ("class", "axis-title"), ("x", Number(Right)), ("y", Number(Height - 8)), ("text-anchor", "end"));
            html.Leaf("text", "multiply-accumulates a cycle", ("class", "axis-title"), ("transform", Invariant($"translate(13 {Top:0}) rotate(-90)")), ("text-anchor", "end"));
        }

        Line(html, "baseline", Left, Y(peak), Right, Y(peak));
        if (document.Array.DramBytesPerCycle is { } bandwidth)
        {
            // Below the ridge the array can do no more than DRAM feeds.
            var start = Math.Max(intensities.Low, rates.Low / bandwidth);
            var end = Math.Min(intensities.High, peak / bandwidth);
            if (end > start) Line(html, "baseline", X(start), Y(start * bandwidth), X(end), Y(end * bandwidth));
        }

        foreach (var layer in layers)
        {
            using var point = html.In("circle", ("class", "point c0"), ("cx", Number(X(Intensity(layer)))), ("cy", Number(Y(Rate(layer)))), ("r", "4"));
            html.Leaf("title", $"{layer.Recipe}: {Quantity.Significant(Rate(layer))} a cycle, {Quantity.Significant(Intensity(layer))} a byte");
        }
    }

    private static double Bytes(SimulationResult result) => result.Traffic.DramReadBytes + result.Traffic.DramWriteBytes;

    private static double Intensity(SimulationResult result) => result.Cost.Macs / Bytes(result);

    private static double Rate(SimulationResult result) => result.Cost.Macs / (result.Cost.Cycles + result.StallCycles);

    private static string Number(double value) => Invariant($"{value:0.#}");

    private static void Line(MarkupWriter html, string style, double x1, double y1, double x2, double y2)
        => html.Empty("line", ("class", style), ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)));
}
