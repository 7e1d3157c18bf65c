using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Networks.Execution;
using Subbyte.Networks.Imports;
using Subbyte.Onnx;
using Subbyte.Tensors;
using Subbyte.Tests.Cli;
using Subbyte.Tests.Kernels;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Language;

/// <summary>The import of word language models, and perplexity with the state carried along.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class WordLanguageModelTests : IDisposable
{
    private readonly WordModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Losses_are_those_of_the_definition_in_double_precision()
    {
        var task = Task(_folder.Model);
        var run = Run(task, threads: 1);
        var references = Enumerable.Range(0, 4).Select(_ => new WordModelFolder.Reference(_folder.Arrays)).ToArray();
        var id = new float[1];
        for (var sample = 0; sample < task.Data.Count; sample++)
        {
            task.Data.Read(sample, id);
            var logits = references[sample % 4].Next((int)id[0]);
            run.Tokens!.Losses[sample].ShouldBe(Math.Log(logits.Sum(Math.Exp)) - logits[task.Data.Label(sample)], 1e-5, $"sample {sample}");
            run.Prediction(sample).ShouldBe(Array.IndexOf(logits, logits.Max()));
        }
    }

    [Fact]
    public void Perplexity_is_e_to_the_mean_loss_and_lies_in_its_interval()
    {
        var workbench = new Workbench(Task(_folder.Model), new EvaluationOptions { Threads = 1 });
        var outcome = workbench.Run(Recipe.Float);
        var result = outcome.Result;
        (result.Metric, result.Samples).ShouldBe(("perplexity", workbench.Task.Data.Count));
        result.Value.ShouldBe(Math.Exp(outcome.Run.Tokens!.Losses.Average()), 1e-9);
        result.Confidence95[0].ShouldBeLessThan(result.Value);
        result.Confidence95[1].ShouldBeGreaterThan(result.Value);
        (result.Baseline, result.Agreement, result.Flips).ShouldBe((result.Value, 1, new Flips(0, 0)));
    }

    [Fact]
    public void A_limit_counts_words_of_each_stream()
        => new Workbench(Task(_folder.Model), new EvaluationOptions { Limit = 3 }).Samples.ShouldBe(12);

    [Fact]
    public void Threads_and_the_file_format_change_no_bit()
    {
        OnnxNetwork.Save(_folder.Network, _folder["lstm.onnx"]);
        var expected = Run(Task(_folder.Model), threads: 1);
        foreach (var (model, threads) in new[] { (_folder.Model, 2), (_folder.Model, 3), (_folder["lstm.onnx"], 1), (_folder["lstm.onnx"], 7) })
        {
            var run = Run(Task(model), threads);
            run.Tokens!.Losses.ShouldBe(expected.Tokens!.Losses);
            run.Tokens.Predictions.ShouldBe(expected.Tokens.Predictions);
            run.Outputs.ShouldBe(expected.Outputs);
        }
    }

    [Fact]
    public void Several_steps_at_once_are_those_one_by_one()
    {
        const int steps = 5;
        var network = _folder.Network;
        var frame = new ExecutionFrame(ExecutionPlan.Compile(network, new ExecutionOptions { Symbols = new Dictionary<string, int>(StringComparer.Ordinal) { [ExecutionOptions.StepSymbol] = steps } }));
        long[] words = [3, 1, 4, 1, 5];
        words.CopyTo(frame.Inputs[0].AsSpan<long>());
        foreach (var state in frame.Inputs.Skip(1)) state.AsSpan<float>().Clear();
        frame.Run();
        var together = frame.Results[0].AsSpan<float>().ToArray();
        var single = new ExecutionFrame(ExecutionPlan.Compile(network));
        var states = single.Inputs.Skip(1).Select(state => new float[state.Length]).ToArray();
        for (var step = 0; step < steps; step++)
        {
            single.Inputs[0].AsSpan<long>()[0] = words[step];
            for (var state = 0; state < states.Length; state++) states[state].CopyTo(single.Inputs[state + 1].AsSpan<float>());
            single.Run();
            for (var state = 0; state < states.Length; state++) single.Results[state + 1].AsSpan<float>().CopyTo(states[state]);
            single.Results[0].AsSpan<float>().ToArray().ShouldBe(together[(step * WordModelFolder.Words)..((step + 1) * WordModelFolder.Words)], $"step {step}");
        }
    }

    [SkippableFact]
    public void Onnx_runtime_gives_the_same_logits_and_states()
    {
        var runtime = OnnxRuntimeProcess.Find();
        Skip.If(runtime is null, $"ONNX Runtime is absent (set {OnnxRuntimeProcess.Variable} to the folder that holds node_modules/onnxruntime-node)");
        var network = _folder.Network;
        var frame = new ExecutionFrame(ExecutionPlan.Compile(network, new ExecutionOptions { Batch = 3, Symbols = new Dictionary<string, int>(StringComparer.Ordinal) { [ExecutionOptions.StepSymbol] = 4 } }));
        var random = new Random(4);
        foreach (ref var word in frame.Inputs[0].AsSpan<long>()) word = random.Next(WordModelFolder.Words);
        foreach (var state in frame.Inputs.Skip(1)) random.Gaussians(state.Length).CopyTo(state.AsSpan<float>());
        var given = network.Inputs.Zip(frame.Inputs).ToDictionary(input => input.First.Name, input => new Tensor(input.Second.ElementType, input.Second.Dimensions, input.Second.Bytes.ToArray()), StringComparer.Ordinal);
        var theirs = runtime.RunModels(models => models.Add(network, given), CancellationToken.None)[0].Outputs.ShouldNotBeNull();
        frame.Run();
        theirs.Count.ShouldBe(frame.Results.Length);
        for (var output = 0; output < theirs.Count; output++)
        {
            theirs[output].Dimensions.ToArray().ShouldBe(frame.Results[output].Dimensions.ToArray());
            var (a, b) = (theirs[output].AsSpan<float>().ToArray(), frame.Results[output].AsSpan<float>().ToArray());
            for (var i = 0; i < a.Length; i++) b[i].ShouldBe(a[i], 1e-5, $"output {output}, element {i}");
        }
    }

    [Fact]
    public async Task Quantize_writes_an_archive_as_onnx()
    {
        (await CommandRun.Of("quantize", _folder.Model, "--method", "fp32", "--data", _folder.Data, "--out", _folder["lstm.onnx"])).ShouldBeDone();
        Run(Task(_folder["lstm.onnx"]), threads: 1).Tokens!.Losses.ShouldBe(Run(Task(_folder.Model), threads: 1).Tokens!.Losses);
        (await CommandRun.Of("quantize", _folder.Model, "--method", "int8:layers=decoder", "--data", _folder.Data, "--calibrate", _folder.Calibration, "--out", _folder["decoder.onnx"])).ShouldBeDone();
    }

    [Fact]
    public void Arrays_that_do_not_fit_are_named()
    {
        foreach (var (name, array, why) in new (string, Tensor?, string)[]
        {
            ("bias", null, "has no array 'bias'"),
            ("rnn.weight_ih_l0", null, "has no array 'rnn.weight_ih_l0'"),
            ("rnn.weight_hh_l1", Tensor.Zeros(ElementType.Float32, 4, 4), "array 'rnn.weight_hh_l1' is Float32[4,4]"),
            ("rnn.bias_hh_l7", Tensor.Zeros(ElementType.Float32, 4), "array 'rnn.bias_hh_l7' is not part"),
        })
        {
            var arrays = new Dictionary<string, Tensor>(_folder.Arrays, StringComparer.Ordinal);
            if (array is null) arrays.Remove(name);
            else arrays[name] = array;
            Should.Throw<UserErrorException>(() => WordLanguageModel.Create("m", arrays)).Message.ShouldContain(why);
        }
    }

    [Fact]
    public async Task Networks_and_data_of_another_kind_are_refused()
    {
        using var pictures = new CommandFolder();
        (await CommandRun.Of("eval", _folder.Model, "--data", pictures.Data)).Error.ShouldContain("is no text; give wikitext:DIR");
        (await CommandRun.Of("eval", pictures.Model, "--data", $"{_folder.Data[..^6]},vocab={_folder["lstm.vocab.txt"]}#valid")).Error.ShouldContain("is a text");
        await File.WriteAllTextAsync(_folder["other.txt"], "<unk>\n<eos>\n");
        (await CommandRun.Of("eval", _folder.Model, "--data", $"{_folder.Data[..^6]},vocab={_folder["other.txt"]}#valid")).Error.ShouldContain("the vocabulary has 2 words");
    }

    private EvaluationTask Task(string model) => EvaluationTask.Load(model, null, DataSpec.Open(_folder.Data, null, model), null, 1);

    private static NetworkRun Run(EvaluationTask task, int threads)
    {
        var workbench = new Workbench(task, new EvaluationOptions { Threads = threads });
        return workbench.Execute(workbench.Apply(Recipe.Float), null, CancellationToken.None);
    }
}
