namespace Subbyte.Experiments.Reproduction;

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
