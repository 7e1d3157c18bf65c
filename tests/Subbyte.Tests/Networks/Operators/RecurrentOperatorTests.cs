using Subbyte.Experiments;
using Subbyte.Networks;
using Subbyte.Onnx;
using Subbyte.Tensors;
using Subbyte.Tests.Data;

namespace Subbyte.Tests.Networks.Operators;

/// <summary>LSTM, GRU and RNN against their definitions, written cell by cell in double.</summary>
public sealed class RecurrentOperatorTests
{
    [Theory]
    [InlineData("RNN")]
    [InlineData("GRU")]
    [InlineData("LSTM")]
    public void Layers_are_their_definitions_over_all_options(string opType)
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var layer = RandomRecurrence.Draw(opType, new Random(seed));
            var actual = layer.Run();
            var expected = layer.Expected();
            for (var output = 0; output < expected.Length; output++)
            {
                actual[output].Dimensions.ToArray().ShouldBe(layer.OutputShape(output), $"{layer}");
                var values = actual[output].Numbers();
                for (var i = 0; i < values.Length; i++)
                {
                    // Unbounded activations may feed on themselves; then there is nothing to compare.
                    if (Math.Abs(expected[output][i]) < 1000) values[i].ShouldBe(expected[output][i], 5e-5 * Math.Max(1, Math.Abs(expected[output][i])), $"{layer}, seed {seed}, output {output}, element {i}");
                }
            }
        }
    }

    [Fact]
    public void Weights_may_be_computed()
    {
        var layer = RandomRecurrence.Draw("GRU", new Random(3));
        var (constant, computed) = (layer.Run(), layer.Run(constants: []));
        for (var output = 0; output < 2; output++) computed[output].Bytes.Span.SequenceEqual(constant[output].Bytes.Span).ShouldBeTrue();
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var x = Tensor.Zeros(ElementType.Float32, 3, 2, 4);
        var w = Tensor.Zeros(ElementType.Float32, 1, 5, 4);
        var r = Tensor.Zeros(ElementType.Float32, 1, 5, 5);
        new SingleNode("RNN").Refusal(x, Tensor.Zeros(ElementType.Float32, 1, 5, 3), r).ShouldContain("input 1");
        new SingleNode("RNN", ("direction", "sideways")).Refusal(x, w, r).ShouldContain("sideways");
        new SingleNode("RNN", ("activations", new AttributeValue(new[] { "Tan" }))).Refusal(x, w, r).ShouldContain("'Tan'");
        new SingleNode("RNN", ("hidden_size", 4)).Refusal(x, w, r).ShouldContain("hidden_size 4");
        new SingleNode("RNN").Refusal(x, w, r, null, Tensor.Of<int>([3, 4], 2)).ShouldContain("length of 4");
        new SingleNode("RNN").Refusal(x, w, r, null, Tensor.Of<int>([3, -1], 2)).ShouldContain("length of -1");
        new SingleNode("LSTM").Refusal(x, w, r).ShouldContain("input 1");
    }

    [SkippableTheory]
    [InlineData("RNN")]
    [InlineData("GRU")]
    [InlineData("LSTM")]
    public void Layers_agree_with_onnx_runtime(string opType)
    {
        var runtime = OnnxRuntimeProcess.Find();
        Skip.If(runtime is null, $"ONNX Runtime is absent (set {OnnxRuntimeProcess.Variable} to the folder that holds node_modules/onnxruntime-node)");
        using var folder = new TemporaryFolder();
        for (var seed = 0; seed < 16; seed++)
        {
            // ONNX Runtime has no batch-first layout. The steps go in as if they were samples.
            var layer = RandomRecurrence.Draw(opType, new Random(seed), isBatchFirst: false);
            OnnxNetwork.Save(layer.Network(), folder["model.onnx"]);
            var theirs = runtime.Run(folder["model.onnx"], new MemorySamples(layer.X, layer.Batch, layer.Inputs), layer.Steps, exact: true, CancellationToken.None);
            var ours = layer.Run()[0].Numbers();
            theirs.Length.ShouldBe(ours.Length);
            for (var i = 0; i < theirs.Length; i++) ours[i].ShouldBe(theirs[i], 5e-5 * Math.Max(1, Math.Abs(theirs[i])), $"{layer}, seed {seed}, element {i}");
        }
    }
}
