using Subbyte.Calibration;
using Subbyte.Experiments.Verification;
using Subbyte.Methods;
using Subbyte.Networks.Execution;
using Subbyte.Onnx;
using Subbyte.Tests;
using Subbyte.Tests.Kernels;

namespace Subbyte.Runtime.Tests.Packing;

/// <summary>Every method on every trained network of the shared data: it packs and answers as its emulation on every instruction set, or says why it does not.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class MethodSurveyTests
{
    private const string Uniform = "fp32; int8; int8:asymmetric; int4; uniform:w=2,a=8; uniform:w=3,a=8; uniform:w=4,a=4; uniform:w=5,a=5; uniform:w=6,a=8; uniform:w=7,a=7; uniform:w=8,a=4; uniform:w=2,a=2,layers=*; uniform:w=8,a=float; fxp:bits=8; fxp:bits=4";

    private const string Powers = "log:bits=2; log:bits=3; log:bits=4; one-hot; k-hot:k=2; k-hot:k=3; tr:group=8,budget=8; tr:group=8,budget=12; tr:group=1,budget=2; fpec:bits=5,mode=d; fpec:bits=5,mode=dz; fpec:bits=8,mode=n; nb-smt:threads=1";

    private const string Levels = "mlt:w=1; mlt:w=2; mlt:w=3; mlt:w=2,a=2; mlt:w=3,a=3; twn; residual-binary:w=1; residual-binary:w=2; residual-binary:w=3; abc-net:w=2; abc-net:w=3; lq-nets:w=2; lq-nets:w=3; prune:sparsity=0.95 + mlt:w=2";

    private const string Passes = "prune:pattern=2:4 + int8; ends:keep=float + int4; batch-norm:keep=true + int4; equalize + int4; int4 + bias-correction; int4 + output-correction";

    private const string Sums = "uniform:w=4,a=16; fxp:bits=16; uniform:w=4,a=8,group=32; uniform:w=2,a=8,group=64; sparq; sparq:window=3opt; prune:pattern=2:4 + sparq:stc";

    private const string Solvers = "gptq:w=4; bit-split:w=4,a=4; bit-split:w=2,a=8";

    private static readonly (string Recipe, string Reason)[] Refused =
    [
        ("nb-smt:threads=2", "by several others"),
        ("cross-neuron", "no step for Prediction"),
        ("sttn", "train the network with 'sttn' first"),
        ("si-bnn", "train the network with 'si-bnn' first"),
        ("ttq", "train the network with 'ttq' first"),
        ("xnor-net", "train the network with 'xnor-net' first"),
    ];

    [SkippableTheory]
    [InlineData("cifar10-resnet8-tiny")]
    [InlineData("mnist-mlp-784-512-512-10")]
    [InlineData("kws-dscnn-dq8")]
    [InlineData("cifar10-resnet20")]
    [Trait("Speed", "Slow")]
    public void Every_method_packs_and_answers_as_its_emulation(string model) => Survey(model, $"{Uniform}; {Powers}; {Levels}; {Passes}; {Sums}; {Solvers}", samples: 2, threads: 2);

    [SkippableTheory]
    [InlineData("cifar10-resnet8-large")]
    [InlineData("cifar10-resnet32")]
    [InlineData("cifar10-resnet56")]
    [Trait("Speed", "Slow")]
    public void Larger_networks_answer_as_their_emulation(string model) => Survey(model, $"int8; uniform:w=2,a=2; {Powers}; {Levels}", samples: 1, threads: 1);

    [SkippableTheory]
    [InlineData("imagenet-mobilenetv1-0.25-128-dq8")]
    [InlineData("imagenet-mobilenetv2-1.0-224-dq8")]
    [InlineData("imagenet-squeezenet1.0-deepcompressed")]
    [Trait("Speed", "Slow")]
    public void Networks_of_photos_answer_as_their_emulation(string model) => Survey(model, "int8; int4; log:bits=4; mlt:w=2; mlt:w=2,a=2; residual-binary:w=2; prune:sparsity=0.95 + mlt:w=2", samples: 1, threads: 1);

    [SkippableFact]
    [Trait("Speed", "Slow")]
    public void What_does_not_pack_is_said_with_its_reason()
    {
        var document = Verify("cifar10-resnet8-tiny", string.Join("; ", Refused.Select(each => each.Recipe)), 1, 1);
        foreach (var (each, (_, reason)) in document.Cases.Zip(Refused))
        {
            each.Status.ShouldBe(CaseStatus.Unsupported, each.Recipe);
            each.Reason.ShouldNotBeNull().ShouldContain(reason);
            each.Reason!.ReplaceLineEndings("").ShouldBe(each.Reason);
        }
    }

    private static void Survey(string model, string recipes, int samples, int threads)
    {
        foreach (var each in Verify(model, recipes, samples, threads).Cases) each.Status.ShouldBe(CaseStatus.Passed, $"{model}, {each.Recipe}: {each.Reason}");
    }

    private static PackedVerification Verify(string model, string recipes, int samples, int threads)
    {
        const int Calibration = 4;
        var network = OnnxNetwork.Load(SharedData.Require(Path.Combine("models", $"{model}.onnx")));
        int[] shape = ExecutionPlan.Compile(network).InputType.Dimensions[1..].ToArray();
        var calibrator = new Calibrator(new NormalSamples(shape, Calibration, seed: 2), Calibration);
        return PackedVerification.Run(model, network, Recipe.ParseMany(recipes), calibrator, new NormalSamples(shape, samples, seed: 1), samples, threads, null, CancellationToken.None);
    }
}
