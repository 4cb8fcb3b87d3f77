using System.Diagnostics;
using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

/// <summary>Damaged documents: reading one must never throw, and never take long.</summary>
public class TomlFuzzTests
{
    private const int Rounds = 4000;

    private static readonly string[] Documents =
    [
        "# a gateway\ntitle = \"é😀 \\u00e9\"\n[network.default]\nbind = '0.0.0.0'\nport = 0x1F90\nratio = -1.5e3\nstarted = 1979-05-27T07:32:00.25-07:00\n",
        "[[pipelines]]\r\nname = \"a\"\r\nsteps = [\r\n  \"x\", # one\r\n  { kind = 'y', on = true, deep.er = [1, [2, {}]] },\r\n]\r\n"
            + "[[pipelines]]\r\n[pipelines.limits]\r\nat = 07:32:00\r\nday = 2024-02-29\r\n",
        "a.\"b c\".d = \"\"\"\none \\\n   two \"\" three\"\"\"\nlit = '''\nC:\\temp ''\n'''\nport = ${PORT:-80}\nv = [$A, ${B}]\ninf = inf\n",
    ];

    private static readonly string[] Scraps =
        [
            "\"", "'", "\"\"\"", "'''", "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "#", "\n", "\r", "\r\n",
            "\\", "\\u", "$", "${", "\0", "\ufeff", "é", "😀", "-", ":", "0x", "_", "1979-", "\t", " ",
        ];

    [Fact]
    public void Documents_Damaged_NeverThrowOrHang()
    {
#pragma warning disable CA5394 // reproducible damage, no secret
        var random = new Random(20240229);
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Damage(random, Encoding.UTF8.GetBytes(Documents[round % Documents.Length]));
            var problems = new ConfigProblems();
            try
            {
                TomlReader.Read(bytes, "fuzz.toml", problems, new TomlReaderOptions { AllowVariables = round % 2 == 0, MaxDepth = 8 });
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"round {round}: {Convert.ToBase64String(bytes)}", e);
            }

            Assert.InRange(problems.Count, 0, 20);
            Assert.All(problems, p => Assert.False(p.Location.Line < 1 || p.Location.Column < 1 || p.Message.Any(char.IsControl), p.ToString()));
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{Rounds} small documents took {watch.Elapsed}");
    }

    private static byte[] Damage(Random random, byte[] document)
    {
        var bytes = document.ToList();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 8), bytes.Count - at - 1)); break;
                case 2: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Scraps[random.Next(Scraps.Length)])); break;
                case 3: bytes.InsertRange(at, bytes.Skip(random.Next(bytes.Count)).Take(random.Next(1, 30)).ToArray()); break;
                default: bytes.RemoveRange(at, bytes.Count - at - 1); break;
            }
        }

        return [.. bytes];
    }
}
