using Subbyte.Formats;
using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Rtl;
using Subbyte.Methods.TermRevealing;
using Subbyte.Tests.Data;

namespace Subbyte.Hardware.Tests.Rtl;

/// <summary>Every block in a simulator against the C# model: sums and cycles.</summary>
[Trait("Speed", "Slow")]
public sealed class CoSimulationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Recipes =>
    [
        "int8", "one-hot",
        "sparq", "sparq:window=3opt,round=false", "sparq:window=2opt", "sparq:window=3b6opt", "sparq:window=2b7opt,round=false", "sparq:pairs=false",
        "nb-smt:threads=2", "nb-smt:policy=S", "nb-smt:policy=S+Aw", "nb-smt:policy=S+W", "nb-smt:policy=S+aW", "nb-smt:policy=A", "nb-smt:policy=Aw", "nb-smt:policy=W", "nb-smt:policy=aW",
        "nb-smt:threads=4", "nb-smt:threads=4,policy=S", "nb-smt:threads=4,policy=S+W", "nb-smt:threads=2,split=adjacent",
        "tr:group=8,budget=12", "tr:group=1,budget=3,terms=2", "tr:group=5,budget=6,encoding=binary", "tr:group=1,budget=8,terms=8,encoding=binary",
        "fpec", "fpec:bits=6,mode=d", "fpec:bits=4,mode=dm,emb=0", "fpec:mode=n", "fpec:unsigned",
        "fpec:adders=2", "fpec:bits=6,mode=d,adders=2", "fpec:bits=4,mode=dm,emb=0,adders=2", "fxp:bits=16", "fxp:bits=5",
    ];

    [SkippableTheory]
    [MemberData(nameof(Recipes))]
    public void An_element_gives_the_sums_and_cycles_of_its_model(string recipe)
    {
        Require(RtlSimulator.Icarus);
        var layer = RtlLayers.Random(recipe, 6, 5, 7, seed: 1, kernel: 3);
        Run(RtlBench.OfElement(layer, RtlElements.Of(layer.Draft)), RtlSimulator.Icarus).ShouldStartWith("PASS");
    }

    [SkippableTheory]
    [InlineData("int8", 3, 4)]
    [InlineData("sparq", 2, 3)]
    [InlineData("nb-smt:threads=2", 4, 1)]
    [InlineData("nb-smt:threads=4", 3, 3)]
    [InlineData("one-hot", 2, 2)]
    [InlineData("fpec:adders=2", 3, 2)]
    [InlineData("fpec:mode=dm,adders=1", 3, 2)]
    [InlineData("fxp:bits=12", 2, 2)]
    [InlineData("tr:group=4,budget=5,terms=2", 2, 3)]
    public void An_array_takes_the_simulators_cycles(string recipe, int rows, int columns)
    {
        Require(RtlSimulator.Icarus);
        var layer = RtlLayers.Random(recipe, 7, 8, 6, seed: 2, kernel: 2);
        Run(RtlBench.OfArray(layer, RtlElements.Of(layer.Draft), new ArraySize(rows, columns)), RtlSimulator.Icarus).ShouldStartWith("PASS");
    }

    [SkippableTheory]
    [InlineData("tr:group=4,budget=5,terms=2", 1, 1)]
    [InlineData("tr:group=8,budget=16", 2, 3)]
    public void One_write_switches_between_term_revealed_and_conventional(string recipe, int rows, int columns)
    {
        Require(RtlSimulator.Icarus);
        var layer = RtlLayers.Random(recipe, 3, 4, 10, seed: 9, kernel: 2);
        var modes = RtlElements.ModesOf(layer.Draft);
        modes.Select(mode => mode.Control).Distinct().Count().ShouldBe(2);
        // Conventionally the sums are those of the codes.
        var codes = layer.Draft.Weights!.Planes[0].Codes;
        var zero = layer.Draft.Activations!.ZeroPoint;
        modes[1].Sum(layer.Row(1), 2).ShouldBe(Enumerable.Range(0, layer.Layer.Depth).Sum(k => (long)(layer.Row(1)[k] - zero) * codes[(2 * layer.Layer.Depth) + k]));
        Run(RtlBench.OfPhases(layer, modes, new ArraySize(rows, columns)), RtlSimulator.Icarus).ShouldStartWith($"PASS tmac{(rows > 1 ? "_array_2x3" : "")}_modes: {3 * 3 * 4} sums");
    }

    [SkippableFact]
    public void Two_conventional_elements_in_one_take_half_the_steps()
    {
        Require(RtlSimulator.Icarus);
        var layer = RtlLayers.Random("int8", 4, 3, 7, seed: 10);
        Run(RtlBench.OfElement(layer, RtlElements.PairOf(layer.Draft)), RtlSimulator.Icarus).ShouldBe("PASS mac8_pair: 12 sums, 48 cycles");
    }

    [SkippableFact]
    public void The_encoder_gives_the_terms_of_every_magnitude()
    {
        Require(RtlSimulator.Icarus);
        Run(EncoderBench.OfEncoder([.. Enumerable.Range(0, 512)], 9), RtlSimulator.Icarus).ShouldStartWith("PASS");
    }

    [SkippableTheory]
    [InlineData(SignedDigitEncoding.Hese, 8, 12)]
    [InlineData(SignedDigitEncoding.Binary, 8, 12)]
    [InlineData(SignedDigitEncoding.Hese, 1, 2)]
    [InlineData(SignedDigitEncoding.Hese, 32, 127)]
    public void The_group_budget_keeps_the_terms_that_surface_first(SignedDigitEncoding encoding, int group, int budget)
    {
        Require(RtlSimulator.Icarus);
        var random = new Random(3);
        var groups = Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, group).Select(_ => (short)random.Next(-128, 129)).ToArray()).ToArray();
        Run(EncoderBench.OfRevealer(new TermRevealingOptions { Group = group, Budget = budget, Encoding = encoding }, groups, 8), RtlSimulator.Icarus).ShouldStartWith("PASS");
    }

    [SkippableTheory]
    [InlineData("x.hex")]
    [InlineData("w.hex")]
    [InlineData("y.hex")]
    public void Vectors_altered_in_one_digit_fail(string file)
    {
        Require(RtlSimulator.Icarus);
        var layer = RtlLayers.Random("nb-smt:threads=2", 4, 3, 6, seed: 4);
        RtlBench.OfElement(layer, RtlElements.Of(layer.Draft)).Write(_folder.Path);
        var random = new Random(5);
        for (var i = 0; i < 4; i++)
        {
            var text = File.ReadAllText(_folder[file]);
            int place;
            do place = random.Next(text.Length);
            while (text[place] == '\n');
            File.WriteAllText(_folder[file], $"{text[..place]}{(text[place] == '7' ? '8' : '7')}{text[(place + 1)..]}");
            CoSimulation.Run(_folder.Path, RtlSimulator.Icarus).ShouldStartWith("FAIL");
            File.WriteAllText(_folder[file], text);
        }

        CoSimulation.Run(_folder.Path, RtlSimulator.Icarus).ShouldStartWith("PASS");
    }

    private static void Require(RtlSimulator simulator) => Skip.IfNot(CoSimulation.IsInstalled(simulator), $"{simulator} or make is not installed");

    private string Run(RtlBench bench, RtlSimulator simulator)
    {
        bench.Write(_folder.Path);
        return CoSimulation.Run(_folder.Path, simulator);
    }
}
