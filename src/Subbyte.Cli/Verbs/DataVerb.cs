using System.CommandLine;
using Spectre.Console;
using Subbyte.Data;
using Subbyte.Data.Downloads;
using Subbyte.Experiments;

namespace Subbyte.Cli.Verbs;

/// <summary><c>subbyte data</c>: what data there are, what a set holds, and sets to download.</summary>
internal static class DataVerb
{
    private const string Description = """
        Lists kinds of data and data sets to download, describes a set, or downloads one.

        Examples:
          subbyte data list
          subbyte data info cifar10:data/cifar10#test
          subbyte data get mnist
        """;

    private const string ListDescription = """
        Lists the kinds of data that --data takes, and the data sets that can be downloaded.

        Examples:
          subbyte data list
          subbyte data list --csv -
        """;

    /// <summary>Creates the verb.</summary>
    /// <returns>The verb.</returns>
    public static Command Create() => new("data", Description) { CreateList(), DataInfoVerb.Create(), DataGetVerb.Create() };

    private static Command CreateList()
    {
        var common = new CommonOptions { HasTable = true };
        var verb = new Command("list", ListDescription);
        common.AddTo(verb);
        verb.SetAction(parsed =>
        {
            var values = common.Read(parsed);
            var sets = DownloadableSet.Names.Select(DownloadableSet.Find).ToArray();
            if (values.PrintsTable) Print(sets);
            values.WriteJson(() => ToJson(sets));
            values.WriteCsv(sets.SelectMany(set => set.Files.Select(file => new { set = set.Name, file = file.Name, bytes = file.Length, file.Sha256, address = new Uri(set.Home, file.Name) })));
            return ExitCodes.Done;
        });
        return verb;
    }

    private static void Print(DownloadableSet[] sets)
    {
        var kinds = new Table { Border = TableBorder.Rounded }.AddColumns("--data", "what it reads");
        foreach (var kind in DataKinds.All) kinds.AddRow(Terminal.Plain(kind.Usage), Terminal.Plain(kind.Summary));
        Terminal.Out.Write(kinds);
        var downloads = new Table { Border = TableBorder.Rounded }.AddColumns("data get", "what it is", "size", "from");
        foreach (var set in sets) downloads.AddRow(set.Name, Terminal.Plain(set.Description), Experiments.Quantity.Memory.Format(Size(set)), Terminal.Plain(set.Home.ToString()));
        Terminal.Out.Write(downloads);
    }

    private static long Size(DownloadableSet set) => set.Files.Sum(file => (long)file.Length);

    private static string ToJson(DownloadableSet[] sets) => DocumentJson.Write(
        new
        {
            schema = "subbyte.data-list/1",
            kinds = DataKinds.All.Select(kind => new { name = kind.Name, usage = kind.Usage, summary = kind.Summary }),
            downloads = sets.Select(set => new
            {
                name = set.Name,
                description = set.Description,
                home = set.Home.ToString(),
                bytes = Size(set),
                files = set.Files.Select(file => new { name = file.Name, bytes = file.Length, sha256 = file.Sha256 }),
            }),
        });
}
