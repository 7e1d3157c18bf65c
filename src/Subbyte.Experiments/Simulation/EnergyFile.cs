using Subbyte.Data;
using Subbyte.Hardware.Simulation;

namespace Subbyte.Experiments;

/// <summary>A YAML file that overrides energies: names of constants and numbers, in picojoules unless said otherwise.</summary>
public static class EnergyFile
{
    private static readonly (string Name, Func<ArrayEnergyTable, double, ArrayEnergyTable> Set, double Least, double Most)[] Constants =
    [
        ("multiply-int8", (table, value) => table with { Operations = table.Operations with { MultiplyInt8 = value } }, 0, 1e6),
        ("add-int8", (table, value) => table with { Operations = table.Operations with { AddInt8 = value } }, 0, 1e6),
        ("add-int32", (table, value) => table with { Operations = table.Operations with { AddInt32 = value } }, 0, 1e6),
        ("multiply-float32", (table, value) => table with { Operations = table.Operations with { MultiplyFloat32 = value } }, 0, 1e6),
        ("add-float32", (table, value) => table with { Operations = table.Operations with { AddFloat32 = value } }, 0, 1e6),
        ("sram-8-kilobytes", (table, value) => table with { Sram8Kilobytes = value }, 1e-6, 1e6),
        ("sram-32-kilobytes", (table, value) => table with { Sram32Kilobytes = value }, 1e-6, 1e6),
        ("sram-1-megabyte", (table, value) => table with { Sram1Megabyte = value }, 1e-6, 1e6),
        ("dram", (table, value) => table with { Dram = value }, 0, 1e6),
        ("idle-power", (table, value) => table with { IdlePower = value }, 0, 0.99),
        ("nanometres", (table, value) => table with { Nanometres = value }, 1, 1000),
    ];

    /// <summary>Names of the constants.</summary>
    public static IEnumerable<string> Names => Constants.Select(constant => constant.Name);

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The default energies with those of the file.</returns>
    /// <exception cref="UserErrorException">It cannot be read, or names something else, or a number is out of range; the message names the line.</exception>
    public static ArrayEnergyTable Load(string path)
    {
        var file = YamlMapping.Read(path);
        file.ExpectOnly([.. Names]);
        var table = new ArrayEnergyTable();
        foreach (var (name, set, least, most) in Constants)
        {
            if (file.TextOrNull(name) is null) continue;
            var value = file.Number(name, 0);
            if (value < least || value > most) throw file.Error(name, $"is {value}, it must lie in {least} … {most}");
            table = set(table, value);
        }

        return table;
    }
}
