using Subbyte.Calibration;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Onnx.Export;
using Subbyte.Tests.Data;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Experiments;

/// <summary>Exported models in the real ONNX Runtime give what our executor gives.</summary>
public sealed class OnnxRuntimeTests
{
    private const int Samples = 50;

    [SkippableTheory]
    [InlineData("fp32", 1)]
    [InlineData("int8", 1)]
    [InlineData("int8:asymmetric", 1)]
    [InlineData("int4", 1)]
    [InlineData("uniform:w=4,a=4", 1)]
    [InlineData("uniform:w=4,a=float", 1)]
    [InlineData("int4:group=32", 1)]
    [InlineData("int8:group=32,asymmetric", 1)]
    [InlineData("uniform:w=4,a=float,group=32", 1)]
    [InlineData("int4:group=32", 8)]
    [InlineData("bit-split:w=4", 1)]
    [InlineData("gptq:w=4", 1)]
    [InlineData("bit-split:w=6,a=6,ecaq=off", 1)]
    [InlineData("bit-split:w=4,a=4,ecaq=on", 1)]
    [InlineData("fxp:bits=8", 1)]
    [InlineData("log:bits=4", 1)]
    [InlineData("tr", 1)]
    [InlineData("tr:group=4,budget=6 + output-correction", 1)]
    [InlineData("fpec:bits=5,mode=d", 1)]
    [InlineData("fpec:bits=6,mode=dz,threshold=0.5", 1)]
    [InlineData("sparq", 2)]
    [InlineData("sparq:pairs=false,window=2opt,round=false", 1)]
    [InlineData("nb-smt", 2)]
    [InlineData("nb-smt:policy=S+aW,split=adjacent", 2)]
    [InlineData("nb-smt:threads=4,policy=S+Aw,reorder", 4)]
    [InlineData("prune:pattern=2:4 + sparq:stc,window=3opt", 4)]
    public void Exports_agree_with_our_executor(string recipe, int channelStep)
    {
        var runtime = OnnxRuntimeProcess.Find();
        Skip.If(runtime is null, $"ONNX Runtime is absent (set {OnnxRuntimeProcess.Variable} to the folder that holds node_modules/onnxruntime-node)");
        using var folder = new TemporaryFolder();
        for (var seed = 0; seed < 3; seed++)
        {
            var random = new Random(seed);
            var network = RandomNetwork.Draw(random, channelStep);
            var samples = RandomNetwork.Samples(network, random, Samples);
            var lowBit = Recipe.Parse(recipe).Apply(network, new Calibrator(samples, 8));
            var export = LowBitExporter.Export(lowBit);
            export.Save(folder["model.onnx"]);
            var ours = NetworkRun.Execute(lowBit, samples, Samples, threads: 1, progress: null, CancellationToken.None);
            var theirs = runtime.Run(folder["model.onnx"], samples, Samples, exact: true, CancellationToken.None);
            var verification = ExportVerification.Compare(ours, theirs);
            verification.Samples.ShouldBe(Samples);
            var largest = ours.Outputs.Max(value => Math.Abs((double)value));
            // The float products of QDQ layers differ in the last place and may tip a later rounding: one step of one value, now and then.
            var tipped = Enumerable.Range(0, Samples).Count(sample => Differs(ours.Output(sample), theirs.AsSpan(sample * ours.OutputLength, ours.OutputLength), 1e-5 * largest));
            tipped.ShouldBeLessThanOrEqualTo(export.Forms.Values.Any(form => form.EndsWith("QDQ", StringComparison.Ordinal)) ? Samples / 10 : 0, $"network {seed}, {verification}");
            verification.LargestDifference.ShouldBeLessThan(0.02 * largest, $"network {seed}, {verification}");
        }
    }

    [SkippableFact]
    public void A_model_that_onnx_runtime_refuses_is_a_users_error()
    {
        var runtime = OnnxRuntimeProcess.Find();
        Skip.If(runtime is null, $"ONNX Runtime is absent (set {OnnxRuntimeProcess.Variable} to the folder that holds node_modules/onnxruntime-node)");
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.onnx", "no model");
        Should.Throw<UserErrorException>(() => runtime.Run(path, new MemorySamples([1, 2], 2), 1, exact: true, CancellationToken.None)).Message.ShouldContain(path);
    }

    [Fact]
    public void A_folder_without_it_is_none()
    {
        using var folder = new TemporaryFolder();
        OnnxRuntimeProcess.Find(folder.Path).ShouldBeNull();
    }

    private static bool Differs(ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs, double tolerance)
    {
        for (var i = 0; i < ours.Length; i++)
        {
            if (Math.Abs((double)ours[i] - theirs[i]) > tolerance) return true;
        }

        return false;
    }
}
