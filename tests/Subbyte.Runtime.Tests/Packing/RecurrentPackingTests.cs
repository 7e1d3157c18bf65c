using Subbyte.Calibration;
using Subbyte.Data;
using Subbyte.Experiments;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Packing;
using Subbyte.Tests;
using Subbyte.Tests.Kernels;
using Subbyte.Tests.Networks;
using Subbyte.Training;

namespace Subbyte.Runtime.Tests.Packing;

/// <summary>A packed network of recurrent layers answers as the executor does, to the bit, on every instruction set, over sequences and word by word.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class RecurrentPackingTests
{
    private static readonly string[] Recipes = ["fp32", "int8:layers=*", "int4:layers=*", "uniform:w=2,a=8,layers=*", "uniform:w=2,a=2,layers=*", "log:bits=4,layers=*", "tr:group=8,budget=12,layers=*", "uniform:w=4,a=8,group=32,layers=*", "uniform:w=4,a=16,layers=*"];

    [Fact]
    public void Sequences_answer_as_in_the_executor() => CheckSequences(35);

    [Fact]
    [Trait("Speed", "Slow")]
    public void Four_hundred_sequences_answer_as_in_the_executor() => CheckSequences(400);

    [Fact]
    public void Words_answer_as_in_the_executor_and_carry_their_states()
    {
        for (var seed = 0; seed < 28; seed++)
        {
            var random = new Random(seed);
            var network = RecurrentNetworks.OfWords(random);
            var lowBit = Recipe.Parse(Recipes[seed % Recipes.Length]).Apply(network, new Calibrator(RecurrentNetworks.Words(network, random, 4), 4));
            var file = NetworkPacker.Pack(lowBit).ToFile();
            PackedNetwork.Read(file).ToFile().ShouldBe(file);
            PackedNetwork.Read(file).SharingBytes().ToFile().Length.ShouldBeLessThanOrEqualTo(file.Length);
            InstructionSets.ForEach(set => CheckWords(lowBit, file, $"{set}, seed {seed}, {Recipes[seed % Recipes.Length]}"));
        }
    }

    [Fact]
    public async Task A_run_that_fails_or_is_cancelled_leaves_the_state_as_it_was()
    {
        var network = RecurrentNetworks.OfWords(new Random(1));
        using var session = new SubbyteSession(PackedNetwork.Read(NetworkPacker.Pack(Recipe.Float.Apply(network, null)).ToFile()));
        var (output, state) = (new float[session.OutputLength], session.CreateState());
        session.Run([1], output, state);
        var before = state.Values.ToArray();
        before.ShouldContain(value => value != 0);
        Should.Throw<ArgumentException>(() => session.Run([session.OutputLength], output, state)).Message.ShouldContain($"none of its {session.OutputLength} rows");
        Should.Throw<ArgumentException>(() => session.Run([0.5f], output, state)).Message.ShouldContain("0.5");
        Should.Throw<ArgumentException>(() => session.Run([float.NaN], output, state));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Should.Throw<OperationCanceledException>(() => session.Run([1], output, state, cancelled.Token));
        await Should.ThrowAsync<OperationCanceledException>(() => session.RunAsync(new float[] { 1 }, output, state, cancelled.Token));
        state.Values.ToArray().ShouldBe(before);
        state.Clear();
        var again = new float[output.Length];
        await session.RunAsync(new float[] { -1 }, output, state);
        session.Run([session.OutputLength - 1], again);
        again.ShouldBe(output, "a run without a state begins with zeros, and −1 is the last word");
        using var other = new SubbyteSession(PackedNetwork.Read(SampleNetworks.Files(1).Single()));
        Should.Throw<ArgumentException>(() => session.Run([1], output, other.CreateState()));
    }

    [Fact]
    public void A_steady_state_takes_no_memory()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var network = RecurrentNetworks.OfWords(new Random(seed));
            var lowBit = Recipe.Parse("uniform:w=2,a=8,layers=*").Apply(network, new Calibrator(RecurrentNetworks.Words(network, new Random(1), 2), 2));
            using var session = new SubbyteSession(PackedNetwork.Read(NetworkPacker.Pack(lowBit).ToFile()));
            var (input, output, state) = (new float[1], new float[session.OutputLength], session.CreateState());
            for (var i = 0; i < 3; i++) session.Run(input, output, state);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 5; i++) session.Run(input, output, state);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        }
    }

    [Theory]
    [InlineData("fp32")]
    [InlineData("int8:layers=*")]
    public void A_network_as_training_makes_it_answers_as_in_the_executor(string recipe)
    {
        var network = LanguageModels.Create(words: 40, units: 24, layers: 2, dropout: 0.3f, seed: 1);
        var lowBit = Recipe.Parse(recipe).Apply(network, new Calibrator(RecurrentNetworks.Words(network, new Random(1), 4), 4));
        CheckWords(lowBit, NetworkPacker.Pack(lowBit).ToFile(), recipe);
    }

    [SkippableTheory]
    [InlineData("fp32")]
    [InlineData("int8:layers=*")]
    [InlineData("int4:layers=*")]
    [InlineData("uniform:w=2,a=8,layers=*")]
    [InlineData("uniform:w=2,a=2,layers=*")]
    public void The_word_lstm_has_the_losses_of_the_executor(string recipe)
    {
        var path = SharedData.Require("models/wikitext2-lstm-2x160.npz");
        var data = DataSpec.Open($"wikitext:{SharedData.Require("wikitext-2")}#valid", null, path);
        var workbench = new Workbench(EvaluationTask.Load(path, null, data, data, 20), new EvaluationOptions { Threads = 2, Limit = 12 });
        var lowBit = workbench.Apply(Recipe.Parse(recipe));
        var file = NetworkPacker.Pack(lowBit).ToFile();
        var model = new PackedModel(path, "", file.Length, PackedNetwork.Read(file));
        var run = workbench.Execute(lowBit, null, CancellationToken.None);
        var perplexity = workbench.Run(Recipe.Parse(recipe)).Result.Value;
        InstructionSets.ForEach(set =>
        {
            var packed = PackedEvaluation.Run(model, data, null, new PackedEvaluationOptions(2, 12, 1), null, CancellationToken.None).Results[0];
            packed.Samples.ShouldBe(120);
            packed.Metric.ShouldBe("perplexity");
            packed.Value.ShouldBe(perplexity, $"{set}");
            packed.Predictions.Select(prediction => prediction.Outputs[0]).ShouldBe(Enumerable.Range(0, 120).Select(sample => run.Output(sample).ToArray().Max()), $"{set}");
        });
    }

    private static void CheckSequences(int count)
    {
        var formats = new HashSet<string>(StringComparer.Ordinal);
        for (var (seed, packed) = (0, 0); packed < count; seed++)
        {
            var random = new Random(seed);
            var network = RecurrentNetworks.OfSequences(random);
            var samples = RandomNetwork.Samples(network, random, 3);
            var recipe = Recipes[seed / 2 % Recipes.Length];
            if (TryApply(recipe, network, samples) is not { } lowBit) continue;
            packed++;
            if (seed % 4 == 1) lowBit = BitPlanes.In(lowBit, random);
            else if (seed % 4 == 3) lowBit = Levels.In(lowBit, random);
            var file = NetworkPacker.Pack(lowBit).ToFile();
            PackedNetwork.Read(file).ToFile().ShouldBe(file);
            formats.UnionWith(PackedNetwork.Read(file).Steps.Select(step => step.Description));
            InstructionSets.ForEach(set =>
            {
                foreach (var threads in new[] { 1, 2 })
                {
                    using var session = new SubbyteSession(PackedNetwork.Read(file), new SessionOptions { Threads = threads });
                    var frame = new ExecutionFrame(ExecutionPlan.Compile(lowBit));
                    var (sample, output) = (new float[session.InputLength], new float[session.OutputLength]);
                    for (var i = 0; i < samples.Count; i++)
                    {
                        samples.Read(i, sample);
                        sample.CopyTo(frame.Input.AsSpan<float>());
                        frame.Run();
                        session.Run(sample, output);
                        Same(output, frame.Results[0].AsSpan<float>(), $"{set}, seed {seed}, {recipe}, {threads} threads");
                    }
                }
            });
        }

        foreach (var cell in new[] { "LSTM", "GRU", "RNN" }) formats.ShouldContain(text => text.StartsWith(cell, StringComparison.Ordinal));
        foreach (var format in new[] { "fp32", "int8", "bits4", "bits2", "int16", "ternary", "binary", "level" }) formats.ShouldContain(text => text.Contains($" of {format}") || text.Contains($"{format} product") && text.Contains(" of "), format);
    }

    /// <summary>Null where gates without bounds feed on themselves until they overflow.</summary>
    private static LowBitNetwork? TryApply(string recipe, Network network, ISampleSource samples)
    {
        try
        {
            return Recipe.Parse(recipe).Apply(network, new Calibrator(samples, 2));
        }
        catch (UserErrorException refusal) when (refusal.Message.Contains("diverges", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static void CheckWords(LowBitNetwork network, byte[] file, string what)
    {
        using var session = new SubbyteSession(PackedNetwork.Read(file));
        var frame = new ExecutionFrame(ExecutionPlan.Compile(network));
        var (random, output, state) = (new Random(5), new float[session.OutputLength], session.CreateState());
        foreach (var input in frame.Inputs.Skip(1)) input.AsSpan<float>().Clear();
        for (var step = 0; step < 5; step++)
        {
            var word = random.Next(session.OutputLength);
            frame.Inputs[0].AsSpan<long>()[0] = word;
            if (step > 0)
            {
                var rest = state.Values;
                foreach (var input in frame.Inputs.Skip(1))
                {
                    rest[..input.Length].CopyTo(input.AsSpan<float>());
                    rest = rest[input.Length..];
                }
            }

            frame.Run();
            session.Run([word], output, state);
            Same(output, frame.Results[0].AsSpan<float>(), $"{what}, step {step}");
            float[] states = [.. frame.Results[1..].ToArray().SelectMany(result => result.AsSpan<float>().ToArray())];
            Same(state.Values, states, $"{what}, step {step}, states");
        }
    }

    private static void Same(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, string what)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < actual.Length; i++) BitConverter.SingleToInt32Bits(actual[i]).ShouldBe(BitConverter.SingleToInt32Bits(expected[i]), $"{what}: element {i} is {actual[i]}, not {expected[i]}");
    }
}
