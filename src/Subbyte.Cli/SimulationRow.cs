using Subbyte.Experiments;

namespace Subbyte.Cli;

/// <summary>A simulated layer as a row of plain values for <c>--csv</c>.</summary>
/// <param name="result">The result.</param>
internal sealed class SimulationRow(SimulationResult result)
{
    public string Layer => result.Recipe;

    public long? N => result.N;

    public long? M => result.M;

    public long? K => result.K;

    public double Macs => result.Cost.Macs;

    public double Cycles => result.Cost.Cycles;

    public double StallCycles => result.StallCycles;

    public double Utilization => result.Utilization;

    public double BusyShare => result.BusyShare;

    public double BaselineBusyShare => result.BaselineBusyShare;

    public double BaselineCycles => result.BaselineCycles;

    public double BaselineUtilization => result.BaselineUtilization;

    public double Speedup => result.Speedup;

    public double EnergyPicojoules => result.Cost.EnergyPicojoules;

    public double ElementEnergySaving => result.ElementEnergySaving;

    public double BaselineEnergyPicojoules => result.BaselineEnergyPicojoules;

    public double DramReadBytes => result.Traffic.DramReadBytes;

    public double DramWriteBytes => result.Traffic.DramWriteBytes;
}
