using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Elements;
using Subbyte.Hardware.Rtl;
using Subbyte.Hardware.Tests.Rtl;
using Subbyte.Methods.Fpec;

namespace Subbyte.Hardware.Tests.Elements;

/// <summary>Queues of 64 columns in a word against the array whose elements are visited in every cycle.</summary>
public class QueuedCostTests
{
    private static readonly string[] Recipes = ["fpec", "fpec:mode=d,bits=6", "fpec:mode=dm,emb=0", "fpec:mode=d,zero=raw", "fpec:mode=n"];

    [Fact]
    public void Cycles_are_those_of_the_elements_for_arrays_of_any_width()
    {
        var random = new Random(5);
        var waited = 0;
        for (var i = 0; i < 120; i++)
        {
            var recipe = Recipes[i % Recipes.Length];
            var captured = RtlLayers.Random(recipe, random.Next(1, 20), random.Next(1, 200), random.Next(1, 90), i, zeros: random.NextDouble());
            var array = new ArraySize(random.Next(1, 12), random.Next(1, 180));
            var element = RtlElements.Of(captured.Draft);
            var stepped = new MatrixShape(captured.Positions, captured.Filters, element.Steps);
            var cycles = Count(captured, array, captured.Positions, samples: 1);
            cycles.ShouldBe(ArrayCycles.Of(captured, element, array), $"{i}: {recipe} on {array}");
            var folds = SystolicCycles.FoldCount(stepped, array, Dataflow.OutputStationary);
            if (cycles > SystolicCycles.Of(stepped, array, Dataflow.OutputStationary) + (folds * element.Extra)) waited++;
        }

        waited.ShouldBeGreaterThan(40);
    }

    [Fact]
    public void Rows_may_come_in_blocks_that_are_no_whole_folds_and_samples_are_averaged()
    {
        var captured = RtlLayers.Random("fpec:mode=d", 17, 9, 70, seed: 3);
        var array = new ArraySize(4, 3);
        var cycles = (double)ArrayCycles.Of(captured, RtlElements.Of(captured.Draft), array);
        Count(captured, array, block: 3, samples: 2).ShouldBe(cycles);
    }

    [Fact]
    public void Without_data_there_is_nothing_to_follow()
    {
        var captured = RtlLayers.Random("fpec", 3, 4, 20, seed: 1);
        var lowered = captured.Draft.Datapath!.Lower(captured.Draft);
        new QueuedCost((FpecCost)lowered.Cost, new ArraySize(2, 2)).Start().Count(0).Operations.Keys.ShouldNotContain(QueuedCost.Cycles);
    }

    private static double Count(RtlLayer captured, ArraySize array, int block, int samples)
    {
        var lowered = captured.Draft.Datapath!.Lower(captured.Draft);
        var counter = new QueuedCost((FpecCost)lowered.Cost, array).Start();
        for (var sample = 0; sample < samples; sample++)
        {
            foreach (var rows in captured.Rows.Chunk(block * captured.Layer.Depth)) counter.Observe(rows, 0);
        }

        return counter.Count(samples).Operations[QueuedCost.Cycles];
    }
}
