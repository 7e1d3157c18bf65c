using Subbyte.Calibration;
using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Onnx;
using Subbyte.Onnx.Export;
using Subbyte.Tests.Cli;
using Subbyte.Tests.Kernels;
using Subbyte.Tests.Language;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Onnx;

/// <summary>LSTMs with low-bit gates as ONNX, one step at a time.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class RecurrentExportTests : IDisposable
{
    private readonly WordModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("int8:layers=*")]
    [InlineData("int8:layers=lstm0/state")]
    [InlineData("int4:layers=lstm1/input|decoder")]
    [InlineData("tr:group=3,budget=4,layers=*")]
    [InlineData("fpec:bits=6,layers=*")]
    [InlineData("log:bits=4,layers=*")]
    public void Gates_read_again_give_the_bits_of_the_network(string recipe)
    {
        var workbench = new Workbench(Open(_folder.Model), new EvaluationOptions());
        var lowBit = workbench.Apply(Recipe.Parse(recipe), CancellationToken.None);
        LowBitExporter.Export(lowBit).Save(_folder["gates.onnx"]);
        var again = OnnxNetwork.Load(_folder["gates.onnx"]);
        again.Inputs[0].Shape[1].Size.ShouldBe(1);
        again.Nodes.Count(node => node.OpType == "LSTM").ShouldBe(2 - lowBit.Layers.Keys.Select(name => name[..5]).Distinct().Count(name => name.StartsWith("lstm", StringComparison.Ordinal)));
        var expected = workbench.Run(Recipe.Parse(recipe)).Run;
        var actual = new Workbench(Open(_folder["gates.onnx"]), new EvaluationOptions()).Run(Recipe.Float).Run;
        actual.Outputs.ShouldBe(expected.Outputs);
        actual.Tokens!.Losses.ShouldBe(expected.Tokens!.Losses);
    }

    [SkippableTheory]
    [InlineData("fp32")]
    [InlineData("int8:layers=*")]
    [InlineData("tr:group=3,budget=4,layers=*")]
    public async Task Onnx_runtime_predicts_the_same_words(string recipe)
    {
        Skip.If(OnnxRuntimeProcess.Find() is null, $"ONNX Runtime is absent (set {OnnxRuntimeProcess.Variable} to the folder that holds node_modules/onnxruntime-node)");
        var run = (await CommandRun.Of("quantize", _folder.Model, "--method", recipe, "--data", _folder.Data, "--calibrate", _folder.Calibration, "--out", _folder["gates.onnx"], "--verify")).ShouldBeDone();
        run.Output.ShouldContain("(100.00 %)");
        run.Output.ShouldContain("; perplexity ");
    }

    [Theory]
    [InlineData("GRU", 3, "forward", "written for none but LSTM")]
    [InlineData("LSTM", 4, "reverse", "its 4 steps would be written one after the other")]
    public void What_has_no_form_says_why(string operation, int gates, string direction, string reason)
    {
        var network = RecurrentGatesTests.Recurrence(operation, gates, direction, linearFirst: false);
        var samples = new MemorySamples(new Random(2).Gaussians(8 * 4 * 6), 4, 6);
        var lowBit = Recipe.Parse("int8:layers=*").Apply(network, new Calibrator(samples, samples.Count));
        Should.Throw<UserErrorException>(() => LowBitExporter.Export(lowBit)).Message.ShouldContain(reason);
    }

    [Fact]
    public async Task Check_tries_recipes_on_networks_that_take_words()
        => (await CommandRun.Of("check", _folder.Model, "--methods", "int8:layers=*; log:bits=4")).ShouldBeDone().Output.Split("can be applied and exported").Length.ShouldBe(3);

    private EvaluationTask Open(string model)
        => EvaluationTask.Load(model, null, DataSpec.Open(_folder.Data, null, _folder.Model), DataSpec.Open(_folder.Calibration, null, _folder.Model), 8);
}
