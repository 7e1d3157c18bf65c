using Subbyte.Hardware.Arrays;
using Subbyte.Hardware.Topologies;

namespace Subbyte.Hardware.Tests.Arrays;

public sealed class SystolicCyclesTests
{
    [Theory]
    [InlineData("os", 125_048)]
    [InlineData("ws", 116_280)]
    [InlineData("is", 278_712)]
    public void The_published_example_takes_the_published_cycles(string dataflow, long cycles)
    {
        var layer = Topology.Parse("name, h, w, fh, fw, c, n, s,\nconv, 58, 58, 3, 3, 64, 64, 1,\n", "example").Layers[0];
        SystolicCycles.Of(layer.Shape, new ArraySize(32, 32), DataflowNames.Find(dataflow)!.Value).ShouldBe(cycles);
    }

    [Fact]
    public void Cycles_utilization_and_outputs_are_those_of_the_array_run_cycle_by_cycle()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var (array, shape, dataflow) = (random.Array(5), random.Shape(12), random.Dataflow());
            var x = random.Codes(shape.Positions, shape.Depth, 0, 255, 0.3);
            var w = random.Codes(shape.Filters, shape.Depth, -128, 127, 0.1);
            var run = new SystolicArrayModel(array, (m, n, k, sum) => sum + (x[m, k] * w[n, k])).Run(shape, dataflow);
            run.Cycles.ShouldBe(SystolicCycles.Of(shape, array, dataflow), $"{shape} on {array} {dataflow}");
            run.BusyElementCycles.ShouldBe(shape.Macs);
            SystolicCycles.Utilization(shape, array, dataflow).ShouldBe(run.BusyElementCycles / ((double)run.Cycles * array.Elements));
            for (var m = 0; m < shape.Positions; m++)
            {
                for (var n = 0; n < shape.Filters; n++) run.Outputs[m, n].ShouldBe(Enumerable.Range(0, (int)shape.Depth).Sum(k => x[m, k] * w[n, k]));
            }
        }
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet50")]
    [InlineData("mobilenet")]
    [InlineData("alexnet")]
    public void Topologies_take_the_folds_times_the_cycles_of_a_fold(string name)
    {
        foreach (var layer in Topology.Load(name).Layers)
        {
            var (m, n, k) = (layer.Shape.Positions, layer.Shape.Filters, layer.Shape.Depth);
            long Ceiling(long length) => (long)Math.Ceiling(length / 32.0);
            long Cycles(Dataflow dataflow) => SystolicCycles.Of(layer.Shape, new ArraySize(32, 32), dataflow);
            Cycles(Dataflow.OutputStationary).ShouldBe(Ceiling(m) * Ceiling(n) * (k + 62));
            Cycles(Dataflow.WeightStationary).ShouldBe(Ceiling(k) * Ceiling(n) * (m + 94));
            Cycles(Dataflow.InputStationary).ShouldBe(Ceiling(k) * Ceiling(m) * (n + 94));
        }
    }
}
