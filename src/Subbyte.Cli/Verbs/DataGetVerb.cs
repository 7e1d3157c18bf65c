using System.CommandLine;
using Subbyte.Data.Downloads;
using Subbyte.Experiments;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte data get</c>: downloads a data set from its public home.</summary>
internal static class DataGetVerb
{
    private const string Description = """
        Downloads a data set from its public home and checks it (SHA-256). Ctrl-C or a broken connection keeps what has arrived; the same
        command goes on from there. What is there already is left alone.

        Examples:
          subbyte data get mnist
          subbyte data get cifar10 --out data/cifar10
          subbyte data get mnist --mirror https://ossci-datasets.s3.amazonaws.com/mnist/
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create()
    {
        var common = new CommonOptions();
        var name = new Argument<string>("NAME") { Description = $"the data set: {string.Join(", ", DownloadableSet.Names)}" };
        var output = new Option<string?>("--out") { Description = "the folder to put it in; data/NAME where absent", HelpName = "DIR" };
        var mirror = new Option<string?>("--mirror") { Description = "the address of a folder with the same files, instead of the data set's home", HelpName = "URL" };
        var verb = new Command("get", Description) { name, output, mirror };
        common.AddTo(verb);
        verb.SetAction((parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var set = DownloadableSet.Find(parsed.GetValue(name)!);
            if (parsed.GetValue(mirror) is { } address) set = set.At(address);
            var folder = parsed.GetValue(output) ?? Path.Combine("data", set.Name);
            var fetched = Terminal.WithProgress(values.Quiet, step => Fetch(set, folder, values, step($"downloading {set.Name}"), cancellation));
            if (values.PrintsTable)
            {
                Console.Out.WriteLine(fetched.Count == 0 ? $"{folder}: everything is there already" : $"{folder}: {string.Join(", ", fetched)}");
                Console.Out.WriteLine($"use it as {set.Kind}:{folder}#test and {set.Kind}:{folder}#train");
            }

            values.WriteJson(() => DocumentJson.Write(new { schema = "subbyte.data-get/1", name = set.Name, home = set.Home.ToString(), folder, fetched, spec = $"{set.Kind}:{folder}" }));
            return Task.FromResult(ExitCodes.Done);
        });
        return verb;
    }

    /// <summary>The bar draws on a thread of its own, so that this one may wait. It counts in KiB, for which 32 bits are enough.</summary>
    private static IReadOnlyList<string> Fetch(DownloadableSet set, string folder, CommonValues values, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        using var downloader = new Downloader(new DownloadOptions { Remark = values.Remark });
        return Download.RunAsync(set, folder, downloader, (done, total) => progress?.Invoke(new EvaluationProgress((int)(done >> 10), (int)(total >> 10))), cancellation).GetAwaiter().GetResult();
    }
}
