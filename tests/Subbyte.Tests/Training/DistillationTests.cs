using Subbyte.Training;

namespace Subbyte.Tests.Training;

/// <summary>The vector of STTN's section 4: a teacher's answers alone, temperature 1.</summary>
public sealed class DistillationTests
{
    private static readonly float[] Teacher = [2, 0.5f, -1];
    private static readonly float[] Student = [1, 1, 0];

    [Fact]
    public void Loss_and_gradient_follow_the_vector()
    {
        var loss = Run(temperature: 1, weight: 1, samples: 1, out var gradient);
        var shares = Teacher.Select(logit => Math.Exp(logit) / Teacher.Sum(other => Math.Exp(other))).ToArray();

        // Ours is the divergence, the vector's the cross-entropy: they differ by the teacher's entropy, which nothing trains.
        (loss - shares.Sum(share => share * Math.Log(share))).ShouldBe(0.9011073773289385, 1e-6);
        gradient.ShouldBe([-0.3632782363f, 0.2470284061f, 0.1162498302f], 1e-6);
    }

    [Fact]
    public void The_gradient_is_that_of_the_mean_over_the_batch_and_weighs_the_labels()
    {
        Run(temperature: 1, weight: 1, samples: 4, out var shared);
        shared.ShouldBe([-0.3632782363f / 4, 0.2470284061f / 4, 0.1162498302f / 4], 1e-6);
        Run(temperature: 1, weight: 0, samples: 1, out var labels).ShouldBe(7);
        labels.ShouldBe([1f, 1, 1]);
        Run(temperature: 2, weight: 0.5f, samples: 1, out var half).ShouldBeGreaterThan(3.5f);
        half.Sum().ShouldBe(1.5f, 1e-5f, "the teacher's part sums to zero");
    }

    /// <summary>One answer beside a loss of 7 by the label, whose gradient is all ones.</summary>
    private static float Run(float temperature, float weight, int samples, out float[] gradient)
    {
        var map = new FeatureMap("teacher", [3], needsGradient: false);
        map.Allocate(samples, withGradient: false);
        Teacher.CopyTo(map.Values(0, 1));
        gradient = [1, 1, 1];
        return new TeacherLoss(map, temperature, weight).Add(0, Student, 7, gradient, samples, new float[6]);
    }
}
