using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Networks.Passes;
using Subbyte.Tensors;

namespace Subbyte.Tests.Networks.Passes;

public sealed class ConstantFoldingTests
{
    [Fact]
    public void Quantized_weights_behind_nodes_become_constants_and_take_batch_norms()
    {
        var graph = new GraphBuilder(2, 4, 4);
        var codes = Tensor.Of<sbyte>([1, -2, 3, -4, 5, -6], 2, 3, 1, 1);
        var weights = graph.Add("DequantizeLinear", [graph.Constant(codes), graph.Constant(Tensor.Scalar(0.5f))]);
        var turned = graph.Add("Transpose", [graph.Add("Identity", [weights])], ("perm", new long[] { 1, 0, 2, 3 }));
        var layer = graph.Add("Conv", [GraphBuilder.Input, turned]);
        string[] statistics = [graph.Constant([1f, 2, 3], 3), graph.Constant([0f, 1, 2], 3), graph.Constant([1f, 1, 1], 3), graph.Constant([1f, 4, 9], 3)];
        var network = graph.Build(graph.Add("BatchNormalization", [layer, .. statistics]));

        var folded = ConstantFolding.Apply(network);
        folded.Nodes.Select(node => node.OpType).ShouldBe(["Conv", "BatchNormalization"]);
        folded.Constants[turned].AsSpan<float>().ToArray().ShouldBe([0.5f, -2, -1, 2.5f, 1.5f, -3]);
        folded.Constants.Values.ShouldNotContain(codes);
        BatchNormFolding.Apply(network).Nodes.Select(node => node.OpType).ShouldBe(["Conv"]);

        var x = new Random(1).Gaussians(32);
        Run(folded, x).ShouldBe(Run(network, x));
    }

    [Fact]
    public void A_network_without_constant_nodes_is_the_same_object()
    {
        var graph = new GraphBuilder(3);
        var network = graph.Build(graph.Add("Add", [GraphBuilder.Input, graph.Constant([1f, 2, 3], 3)]));
        ConstantFolding.Apply(network).ShouldBeSameAs(network);
    }

    [Fact]
    public void What_fails_or_grows_beyond_bounds_stays()
    {
        var graph = new GraphBuilder(3);
        var failing = graph.Add("Reshape", [graph.Constant([1f, 2, 3], 3), graph.Constant(2, 2)]);
        var growing = graph.Add("Expand", [graph.Constant([1f], 1), graph.Constant(1 << 14, 1 << 14)]);
        var network = graph.Build(graph.Add("Relu", [GraphBuilder.Input]), failing, growing);
        ConstantFolding.Apply(network).ShouldBeSameAs(network);
        graph = new GraphBuilder(3);
        var many = Enumerable.Range(0, 100).Select(_ => graph.Add("Expand", [graph.Constant([1f], 1), graph.Constant(1 << 20)])).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        ConstantFolding.Apply(graph.Build(many)).Nodes.Count.ShouldBeGreaterThan(70);
        Should.Throw<UserErrorException>(() => ExecutionPlan.Compile(graph.Build(many))).Message.ShouldContain("too large");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(700 << 20);
    }

    [Fact]
    public void Shapes_are_inferred_with_the_batch_left_free()
    {
        var graph = new GraphBuilder(2, 6, 6);
        var pooled = graph.Add("MaxPool", [GraphBuilder.Input], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        var flat = graph.Add("Reshape", [pooled, graph.Constant(-1, 9)]);
        var fixedRows = graph.Add("ReduceMax", [flat], ("axes", new long[] { 0 }));
        var types = ShapeInference.Infer(graph.Build(flat, fixedRows));
        types[pooled].ToString().ShouldEndWith("Float32[N,2,3,3]");
        types[flat].ToString().ShouldEndWith("Float32[2*N,9]");
        types[fixedRows].ToString().ShouldEndWith("Float32[1,9]");
    }

    private static float[] Run(Network network, float[] input)
    {
        var frame = new ExecutionFrame(ExecutionPlan.Compile(network));
        input.CopyTo(frame.Input.AsSpan<float>());
        frame.Run();
        return frame.Results[0].AsSpan<float>().ToArray();
    }
}
