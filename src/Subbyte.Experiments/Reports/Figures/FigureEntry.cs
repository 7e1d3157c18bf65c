using Subbyte.Experiments.Reproduction;

namespace Subbyte.Experiments.Reports.Figures;

/// <summary>A reproduced figure with its number on the page.</summary>
/// <param name="Number">Number, from 1.</param>
/// <param name="Figure">The figure.</param>
internal sealed record FigureEntry(int Number, ReproducedFigure Figure)
{
    /// <summary>Style class of the figure's colour.</summary>
    public string Colour => Figure.Verdict switch
    {
        Verdict.Holds => "c2",
        Verdict.Deviates => "c1",
        Verdict.Fails => "c7",
        _ => "c8",
    };

    /// <summary>The range that is wanted: infinite on the side that has no bound.</summary>
    public (double Low, double High) Wanted => Figure.Paper is not { } paper || Figure.IsBound
        ? (Figure.AtLeast ?? double.NegativeInfinity, Figure.AtMost ?? double.PositiveInfinity)
        : (paper - Figure.Tolerance, paper + Figure.Tolerance);

    /// <summary>What a verdict says.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <returns>A few words.</returns>
    public static string Meaning(Verdict verdict) => verdict switch
    {
        Verdict.Holds => "hold: within the tolerance",
        Verdict.Deviates => "deviate: outside, for a reason given",
        Verdict.Fails => "fail: outside",
        _ => "skipped: something is missing",
    };
}
