using Subbyte.Calibration;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Networks;

/// <summary>What a plan promises whatever the network: the same bits for every batch, thread and instruction set, and a run without allocation.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class ExecutionPlanTests
{
    private const int Networks = 40;

    private static readonly string[] Recipes = ["int8", "tr:layers=*", "sparq:layers=*", "log:layers=*", "fxp:bits=16,layers=*"];

    [Fact]
    public void A_sample_has_the_same_output_alone_and_in_a_batch()
    {
        ForEach((network, samples) =>
        {
            var alone = Run(network, samples, new ExecutionOptions());
            Run(network, samples, new ExecutionOptions { Batch = 7 }).ShouldBeBits(alone, "batch of 7");
        });
    }

    [Fact]
    public void Activations_taken_into_the_layer_before_them_change_no_bit()
    {
        ForEach((network, samples) =>
        {
            var apart = Run(network, samples, new ExecutionOptions { FuseActivations = false });
            Run(network, samples, new ExecutionOptions()).ShouldBeBits(apart, "fused activations");
        });
    }

    [Fact]
    public void Every_instruction_set_gives_the_same_bits()
    {
        ForEach((network, samples) =>
        {
            var expected = Run(network, samples, new ExecutionOptions { Batch = 7 });
            InstructionSets.ForEach(set => Run(network, samples, new ExecutionOptions { Batch = 7 }).ShouldBeBits(expected, set.ToString()));
        });
    }

    [Fact]
    public void Frames_of_one_plan_run_side_by_side()
    {
        ForEach((network, samples) =>
        {
            var plan = ExecutionPlan.Compile(network);
            var expected = Run(network, samples, new ExecutionOptions());
            var outputs = new float[expected.Length];
            var next = -1;
            Threading.Run(4, () =>
            {
                var frame = new ExecutionFrame(plan);
                for (var sample = Interlocked.Increment(ref next); sample < samples.Count; sample = Interlocked.Increment(ref next))
                {
                    samples.Read(sample, frame.Input.AsSpan<float>());
                    frame.Run();
                    var output = frame.Results[0].AsSpan<float>();
                    output.CopyTo(outputs.AsSpan(sample * output.Length));
                }
            });
            outputs.ShouldBeBits(expected, "four threads");
        });
    }

    [Fact]
    public void Values_that_share_memory_do_not_disturb_each_other()
    {
        ForEach((network, samples) =>
        {
            var plan = ExecutionPlan.Compile(network);
            var apart = plan.Slots.Select(slot => slot.Constant ?? Tensor.Zeros(slot.Type.ElementType, slot.Type.Physical)).ToArray();
            samples.Read(1, apart[plan.Inputs[0]].AsSpan<float>());
            foreach (var step in plan.Steps)
            {
                Tensor?[] inputs = [.. step.Inputs.Select(slot => slot < 0 ? null : apart[slot])];
                step.Plan.Run(inputs, [.. step.Outputs.Select(slot => apart[slot])], new byte[plan.ScratchBytes]);
            }

            var frame = new ExecutionFrame(plan);
            samples.Read(0, frame.Input.AsSpan<float>());
            frame.Run();
            samples.Read(1, frame.Input.AsSpan<float>());
            frame.Run();
            frame.Results[0].AsSpan<float>().ToArray().ShouldBeBits(apart[plan.Outputs[0]].AsSpan<float>().ToArray(), "shared memory");
            plan.ArenaBytes.ShouldBeLessThanOrEqualTo(plan.Slots.Where(slot => slot.Constant is null).Sum(slot => slot.Bytes + 64));
        });
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        ForEach((network, samples) => InstructionSets.ForEach(set =>
        {
            var frame = new ExecutionFrame(ExecutionPlan.Compile(network, new ExecutionOptions { Batch = 2 }));
            samples.Read(0, frame.Input.AsSpan<float>()[..(frame.Input.Length / 2)]);
            var allocations = new Allocations();
            // The first runs of a method are not optimized yet and box what generic arithmetic converts.
            for (var run = 0; run < 200 && (run < 2 || allocations.Bytes > 0); run++)
            {
                if (run > 20) Thread.Sleep(10);
                allocations.Start();
                frame.Run(allocations);
            }

            allocations.Bytes.ShouldBe(0, $"{allocations.Culprit} with {set}, {string.Join(", ", network.Layers.Values.Select(layer => layer.Method).Distinct())}");
        }));
    }

    private static void ForEach(Action<LowBitNetwork, MemorySamples> test)
    {
        for (var seed = 0; seed < Networks; seed++)
        {
            var random = new Random(seed);
            var network = RandomNetwork.Draw(random);
            var samples = RandomNetwork.Samples(network, random, 14);
            test(new LowBitNetwork(network, new Dictionary<string, LoweredLayer>(StringComparer.Ordinal)), samples);
            test(Recipe.Parse(Recipes[seed % Recipes.Length]).Apply(network, new Calibrator(samples, 4)), samples);
        }
    }

    private static float[] Run(LowBitNetwork network, MemorySamples samples, ExecutionOptions options)
    {
        var frame = new ExecutionFrame(ExecutionPlan.Compile(network, options));
        var input = frame.Input;
        var length = input.Length / options.Batch;
        var outputs = new List<float>();
        for (var first = 0; first < samples.Count; first += options.Batch)
        {
            for (var i = 0; i < options.Batch; i++) samples.Read(first + i, input.AsSpan<float>().Slice(i * length, length));
            frame.Run();
            outputs.AddRange(frame.Results[0].AsSpan<float>());
        }

        return [.. outputs];
    }

    /// <summary>What the nodes of a run allocate, and the last one that allocates.</summary>
    private sealed class Allocations : IExecutionObserver
    {
        private long _last;

        public long Bytes { get; private set; }

        public NodePlan? Culprit { get; private set; }

        public void Start() => (Bytes, Culprit, _last) = (0, null, GC.GetAllocatedBytesForCurrentThread());

        public void Ran(NodePlan plan, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs)
        {
            var now = GC.GetAllocatedBytesForCurrentThread();
            if (now > _last) Culprit = plan;
            Bytes += now - _last;
            _last = GC.GetAllocatedBytesForCurrentThread();
        }
    }
}
