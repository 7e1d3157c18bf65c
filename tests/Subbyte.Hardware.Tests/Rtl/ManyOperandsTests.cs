using Subbyte.Hardware.Rtl;
using Subbyte.Methods.TermRevealing;
using Subbyte.Tests.Data;

namespace Subbyte.Hardware.Tests.Rtl;

/// <summary>A million random operand sets a block in both simulators; a hundred thousand in the interpreting one where a set takes many cycles.</summary>
[Trait("Speed", "Slow")]
public sealed class ManyOperandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, int, RtlSimulator> Blocks()
    {
        var blocks = new TheoryData<string, int, RtlSimulator>();
        foreach (var simulator in Enum.GetValues<RtlSimulator>())
        {
            foreach (var recipe in new[] { "int8", "one-hot", "fpec", "fpec:adders=2", "fxp:bits=16" }) blocks.Add(recipe, 16, simulator);
            foreach (var recipe in new[] { "sparq", "nb-smt:threads=2" }) blocks.Add(recipe, 32, simulator);
            blocks.Add("nb-smt:threads=4", 64, simulator);
        }

        return blocks;
    }

    [SkippableTheory]
    [MemberData(nameof(Blocks))]
    public void A_million_operand_sets_give_the_models_sums(string recipe, int channels, RtlSimulator simulator)
    {
        Require(simulator);
        var layer = RtlLayers.Random(recipe, 256, 256, channels, seed: 6);
        Run(layer, RtlElements.Of(layer.Draft), simulator, 1_000_000);
    }

    [SkippableTheory]
    [InlineData(RtlSimulator.Icarus)]
    [InlineData(RtlSimulator.Verilator)]
    public void A_million_pairs_give_the_sums_of_two_conventional_elements(RtlSimulator simulator)
    {
        Require(simulator);
        var layer = RtlLayers.Random("int8", 256, 256, 32, seed: 6);
        Run(layer, RtlElements.PairOf(layer.Draft), simulator, 1_000_000);
    }

    [SkippableTheory]
    [InlineData(80, RtlSimulator.Icarus)]
    [InlineData(256, RtlSimulator.Verilator)]
    public void Groups_of_terms_give_the_models_sums(int side, RtlSimulator simulator)
    {
        Require(simulator);
        var layer = RtlLayers.Random("tr:group=8,budget=16,terms=3", side, side, 128, seed: 6);
        Run(layer, RtlElements.Of(layer.Draft), simulator, simulator == RtlSimulator.Icarus ? 100_000 : 1_000_000);
    }

    [SkippableTheory]
    [InlineData(100_000, RtlSimulator.Icarus)]
    [InlineData(1_000_000, RtlSimulator.Verilator)]
    public void The_encoder_gives_the_terms_of_random_magnitudes(int count, RtlSimulator simulator)
    {
        Require(simulator);
        var random = new Random(7);
        // Each is encoded with and without HESE.
        EncoderBench.OfEncoder([.. Enumerable.Range(0, count / 2).Select(_ => random.Next(1 << 14))], 14).Write(_folder.Path);
        CoSimulation.Run(_folder.Path, simulator).ShouldStartWith($"PASS hese_encoder: {count} sums");
    }

    [SkippableTheory]
    [InlineData(100_000, RtlSimulator.Icarus)]
    [InlineData(1_000_000, RtlSimulator.Verilator)]
    public void The_group_budget_keeps_the_models_terms_of_random_groups(int count, RtlSimulator simulator)
    {
        Require(simulator);
        var random = new Random(8);
        var groups = Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 8).Select(_ => (short)random.Next(-128, 129)).ToArray()).ToArray();
        EncoderBench.OfRevealer(new TermRevealingOptions(), groups, 8).Write(_folder.Path);
        CoSimulation.Run(_folder.Path, simulator).ShouldStartWith($"PASS term_revealer: {count} sums");
    }

    private static void Require(RtlSimulator simulator) => Skip.IfNot(CoSimulation.IsInstalled(simulator), $"{simulator}, its compiler or make is not installed");

    private void Run(RtlLayer layer, RtlElement element, RtlSimulator simulator, long sets)
    {
        ((long)layer.Positions * layer.Filters * element.Steps).ShouldBeGreaterThanOrEqualTo(sets);
        RtlBench.OfElement(layer, element).Write(_folder.Path);
        CoSimulation.Run(_folder.Path, simulator).ShouldStartWith("PASS");
    }
}
