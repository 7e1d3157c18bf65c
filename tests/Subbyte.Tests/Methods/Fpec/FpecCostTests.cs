using Subbyte.Lowering;
using Subbyte.Methods.Fpec;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.Fpec;

public class FpecCostTests
{
    [Fact]
    public void Energies_of_fixed_point_are_those_of_the_specification()
    {
        foreach (var row in VectorTable.Read("Methods/Fpec/fixed-point-energy.vectors.txt"))
            FpecEnergy.Term(row.Integer("n"), row.Integer("n"), 256).ShouldBe(row.Number("picojoules"), 1e-5, row.ToString());
    }

    [Fact]
    public void Energy_ratios_are_those_of_the_specification()
    {
        foreach (var row in VectorTable.Read("Methods/Fpec/energy.vectors.txt"))
        {
            var energy = FpecEnergy.Term(row.Integer("n"), row.Integer("n"), 256, row.Number("x share"), row.Number("w share"));
            (FpecEnergy.Term(16, 16, 256) / energy).ShouldBe(row.Number("ratio 16"), 0.01, row.ToString());
            (FpecEnergy.Term(8, 8, 256) / energy).ShouldBe(row.Number("ratio 8"), 0.01, row.ToString());
        }
    }

    [Fact]
    public void The_calibrated_model_has_the_ratio_of_the_baselines_of_the_abstract()
    {
        var ratio = FpecEnergy.CalibratedTerm(16, 256) / FpecEnergy.CalibratedTerm(8, 256);
        ratio.ShouldBeInRange(2.35, 2.87);
        FpecEnergy.CalibratedTerm(6, 256, 0.7).ShouldBeLessThan(FpecEnergy.CalibratedTerm(8, 256));
    }

    [Theory]
    [InlineData(CompensationMode.N, 1, false)]
    [InlineData(CompensationMode.D, 1, true)]
    [InlineData(CompensationMode.Dz, 2, true)]
    [InlineData(CompensationMode.Dm, 1, false)]
    public void Counted_cycles_and_additions_are_those_of_the_processing_elements(CompensationMode mode, int adders, bool skipZeros)
    {
        const int Positions = 5, Outputs = 6, Depth = 70, Groups = 2;
        var random = new Random(4);
        var layer = new DotProductLayer
        {
            Name = "layer",
            Index = 1,
            Kind = LayerKind.GroupedConvolution,
            Positions = Positions,
            Outputs = Outputs,
            Depth = Depth,
            Groups = Groups,
            Weights = Enumerable.Range(0, Outputs * Depth).Select(_ => random.NextSingle() - 0.5f).ToArray(),
            Bias = new float[Outputs],
            Input = new SampleStatistics(0, 1),
        };
        var options = new FpecOptions { Mode = mode, Adders = adders, SkipZeros = skipZeros };
        var lowered = FpecLoweringTests.Lower(layer, options);
        var (x, w) = (options.Activations(layer), options.Weights(layer));
        var counter = lowered.Cost.Start();
        long cycles = 0, compensations = 0, stalled = 0;
        for (var group = 0; group < Groups; group++)
        {
            var values = Enumerable.Range(0, Positions * Depth).Select(_ => Math.Max(0, random.NextSingle() - 0.3f)).ToArray();
            var rows = new short[values.Length];
            lowered.Input!.Encode(values, rows);
            counter.Observe(rows, group);
            for (var r = 0; r < Positions; r++)
            {
                FpecWord[] words = [.. values.Skip(r * Depth).Take(Depth).Select(value => x.Encode(value))];
                for (var m = group * Outputs / Groups; m < (group + 1) * Outputs / Groups; m++)
                {
                    FpecWord[] weights = [.. layer.Row(m).ToArray().Select(weight => w.Encode(weight))];
                    var element = FpecProcessingElement.DotProduct(words, weights);
                    cycles += element.Cycles(adders, skipZeros);
                    compensations += element.ActivationCompensations + element.WeightCompensations;
                    stalled += element.Cycles(adders, skipZeros) > (skipZeros ? element.NonZero : Depth) + 2 ? 1 : 0;
                }
            }
        }

        var cost = counter.Count(1);
        cost.Cycles.ShouldBe(cycles);
        cost.Operations["compensations"].ShouldBe(compensations);
        cost.Operations["outputs.stalled"].ShouldBe(stalled);
        cost.Macs.ShouldBe(Positions * Outputs * Depth);
        cost.WeightStorageBits.ShouldBe((Outputs * Depth * (5 + w.CompensationBits)) + 32);
        // Without data every activation counts as compensated.
        lowered.Cost.Start().Count(0).Operations["compensations"].ShouldBeGreaterThanOrEqualTo(compensations);
    }

    [Fact]
    public void Fewer_computation_bits_take_less_energy()
    {
        var layer = new DotProductLayer
        {
            Name = "layer",
            Index = 1,
            Kind = LayerKind.FullyConnected,
            Positions = 1,
            Outputs = 4,
            Depth = 256,
            Weights = Enumerable.Range(0, 1024).Select(i => MathF.Sin(i)).ToArray(),
            Bias = new float[4],
            Input = new SampleStatistics(0, 1),
        };
        var costs = Enumerable.Range(4, 4).Select(bits => FpecLoweringTests.Lower(layer, new FpecOptions { Bits = bits }).Cost.Start().Count(0)).ToArray();
        costs.Select(cost => cost.EnergyPicojoules).ShouldBeInOrder();
        costs[1].Operations["picojoules.fpec"].ShouldBeLessThan(costs[1].Operations["picojoules.fxp8"]);
    }
}
