using Subbyte.Training;

namespace Subbyte.Tests.Training;

public sealed class SampleBlockTests
{
    [Fact]
    public void BlocksCoverABatchInOrderAndAreAnEvenNumber()
    {
        for (var samples = 1; samples <= 200; samples++)
        {
            var next = 0;
            for (var index = 0; index < SampleBlock.CountOf(samples); index++)
            {
                var block = SampleBlock.Of(index, samples, null!, null!);
                (block.Index, block.First).ShouldBe((index, next));
                block.Count.ShouldBeInRange(1, SampleBlock.Size);
                next += block.Count;
            }

            next.ShouldBe(samples);
            if (samples > 1) (SampleBlock.CountOf(samples) % 2).ShouldBe(0);
            // What was allocated for a batch is enough for a smaller one.
            SampleBlock.CountOf(samples).ShouldBeGreaterThanOrEqualTo(SampleBlock.CountOf(samples - 1));
        }
    }
}
