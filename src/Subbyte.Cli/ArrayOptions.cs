using System.CommandLine;
using Subbyte.Experiments;
using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Simulation;
using Subbyte.Hardware.Topologies;

namespace Subbyte.Cli;

/// <summary>Options that describe the accelerator.</summary>
internal sealed class ArrayOptions
{
    private readonly Option<string?> _config = new("--config") { Description = "a SCALE-Sim configuration file: array, SRAM sizes, bandwidth, dataflow", HelpName = "FILE.cfg" };
    private readonly Option<string?> _array = new("--array") { Description = $"rows and columns of the array (default {ArrayConfiguration.Default.Array})", HelpName = "RxC" };
    private readonly Option<string?> _dataflow = new("--dataflow") { Description = "output-, weight- or input-stationary: os, ws or is (default os)", HelpName = "os|ws|is" };
    private readonly Option<double?> _bandwidth = new("--bandwidth") { Description = "bytes that DRAM moves in a cycle (default: without limit)", HelpName = "BYTES" };

    private readonly Option<string?> _energy = new("--energy") { Description = $"a YAML file that overrides energies: {string.Join(", ", EnergyFile.Names)}", HelpName = "FILE.yaml" };

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    public void AddTo(Command verb)
    {
        foreach (var option in new Option[] { _config, _array, _dataflow, _bandwidth, _energy }) verb.Options.Add(option);
    }

    /// <summary>Reads the options.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>The simulator.</returns>
    /// <exception cref="UserErrorException">A value is wrong.</exception>
    public ArraySimulator Read(ParseResult parsed)
    {
        var configuration = parsed.GetValue(_config) is { } file ? ArrayConfiguration.Load(file) : ArrayConfiguration.Default;
        if (parsed.GetValue(_array) is { } size) configuration = configuration with { Array = ArraySize.Parse(size) };
        if (parsed.GetValue(_dataflow) is { } name)
            configuration = configuration with { Dataflow = DataflowNames.Find(name) ?? throw new UserErrorException($"--dataflow must be os, ws or is, not '{name}'") };
        if (parsed.GetValue(_bandwidth) is { } bandwidth)
        {
            if (!(bandwidth >= 1e-3 && bandwidth <= 1e9)) throw new UserErrorException($"--bandwidth must lie in 0.001 … 1e9 bytes a cycle, not {bandwidth}");
            configuration = configuration with { Memory = configuration.Memory with { BytesPerCycle = bandwidth } };
        }

        return new ArraySimulator(configuration, parsed.GetValue(_energy) is { } energies ? EnergyFile.Load(energies) : new ArrayEnergyTable());
    }
}
