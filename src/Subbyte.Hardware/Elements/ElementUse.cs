namespace Subbyte.Hardware.Elements;

/// <summary>How the elements of a systolic array go through a layer: all in lock step, one step of the dot product a beat.</summary>
/// <param name="Name">The element.</param>
/// <param name="Steps">Steps of a dot product.</param>
/// <param name="Beat">Cycles of a step.</param>
/// <param name="Busy">Element cycles that do work.</param>
/// <param name="OperationEnergy">Picojoules of one of them, at the energy table's own node.</param>
public sealed record ElementUse(string Name, long Steps, int Beat, double Busy, double OperationEnergy)
{
    /// <summary>Cycles of the array where values decide them fold by fold; null where every fold takes the same.</summary>
    public double? ArrayCycles { get; init; }

    /// <summary>Share of the steps' cycles that do work, fill and drain of the array apart.</summary>
    /// <param name="work">The layer.</param>
    /// <returns>0 … 1.</returns>
    public double BusyShare(LayerWork work) => Busy / (work.ElementSteps(Steps) * Beat);
}
