namespace Subbyte.Experiments.Reproduction;

/// <summary>What is measured of a recipe.</summary>
public enum Measure
{
    /// <summary>Samples that are right.</summary>
    Correct,

    /// <summary>Share of samples that are right, in percent.</summary>
    Top1,

    /// <summary>Share of samples with fp32's largest output, in percent.</summary>
    Agreement,

    /// <summary>An operation of the cost, by name, for one sample.</summary>
    Operation,

    /// <summary>Modelled cycles of one sample.</summary>
    Cycles,
}

/// <summary>One figure to reproduce: a recipe on a network and data, what is measured, and what should come out.</summary>
public sealed record Experiment
{
    /// <summary>Name, unique in its list.</summary>
    public string Name { get; set; } = "";

    /// <summary>The workload; the list's own when empty.</summary>
    public string Workload { get; set; } = "";

    /// <summary>The recipe.</summary>
    public string Recipe { get; set; } = "";

    /// <summary>A recipe whose measure is subtracted, or null.</summary>
    public string? Against { get; set; }

    /// <summary>What is measured.</summary>
    public Measure Measure { get; set; }

    /// <summary>Name of the operation, for <see cref="Measure.Operation"/>.</summary>
    public string? Operation { get; set; }

    /// <summary>Which of the workload's calibration records are used, such as <c>0-/126</c> (every 126th); null for the first ones.</summary>
    public string? CalibrationRecords { get; set; }

    /// <summary>Only the first samples, or null for all.</summary>
    public int? Limit { get; set; }

    /// <summary>The expected figure, or null where only bounds are given.</summary>
    public double? Expected { get; set; }

    /// <summary>How far the figure may lie from <see cref="Expected"/>.</summary>
    public double Tolerance { get; set; }

    /// <summary>A lower bound, or null.</summary>
    public double? AtLeast { get; set; }

    /// <summary>An upper bound, or null.</summary>
    public double? AtMost { get; set; }

    /// <summary>Whether it belongs to the quick form.</summary>
    public bool Quick { get; set; }

    /// <summary>Why another figure comes out here, or null.</summary>
    public string? Deviation { get; set; }

    /// <summary>The figure that came out, to which it is held from then on.</summary>
    public double? Held { get; set; }

    /// <summary>What should come out, in words: 935 ± 5, ≥ 0.</summary>
    public string Wanted => Expected is { } expected ? $"{expected:0.####} ± {Tolerance:0.####}" : string.Join(", ", new[] { AtLeast is { } low ? $"≥ {low:0.####}" : null, AtMost is { } high ? $"≤ {high:0.####}" : null }.OfType<string>());

    /// <summary>The verdict on a figure.</summary>
    /// <param name="here">The figure.</param>
    /// <returns>Whether it holds, deviates as is known, or fails.</returns>
    public Verdict Judge(double here)
    {
        var holds = (Expected is not { } expected || Math.Abs(here - expected) <= Tolerance) && (AtLeast is not { } low || here >= low) && (AtMost is not { } high || here <= high);
        if (holds) return Verdict.Holds;
        return Deviation is not null && Held is { } held && Math.Abs(here - held) <= Tolerance ? Verdict.Deviates : Verdict.Fails;
    }
}

/// <summary>How a reproduced figure compares.</summary>
public enum Verdict
{
    /// <summary>Within the tolerance.</summary>
    Holds,

    /// <summary>Outside it, for a reason that is written down, and where it was before.</summary>
    Deviates,

    /// <summary>Outside it.</summary>
    Fails,

    /// <summary>Not run: something is missing.</summary>
    Skipped,
}
