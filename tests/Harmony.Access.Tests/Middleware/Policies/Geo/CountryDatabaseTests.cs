using System.Net;
using Harmony.Access.Middleware.Policies.Geo;
using Harmony.Testing;

namespace Harmony.Access.Tests.Middleware.Policies.Geo;

public sealed class CountryDatabaseTests
{
    [Theory]
    [InlineData(24)]
    [InlineData(28)]
    [InlineData(32)]
    public void CountryOf_Address_IsThatOfItsNetwork(int recordSize)
    {
        var reader = CountryDatabase.Read(new MemoryStream(
            new MmdbWriter(recordSize).Add("10.0.0.0/8", "DE").Add("192.0.2.0/24", "FR", "registered_country").Add("2001:db8::/32", "JP").Write()));
        Assert.Equal("DE", Country("10.1.2.3"));
        Assert.Equal("FR", Country("192.0.2.9"));
        Assert.Equal("JP", Country("2001:db8::1"));
        Assert.Equal("", Country("11.0.0.1"));
        Assert.Equal("", Country("2001:db9::1"));

        string Country(string address) => reader.CountryOf(IPAddress.Parse(address)) is var code && code == default ? "" : code.ToString();
    }

    [Fact]
    public void CountryOf_IPv4Database_KnowsNoIPv6()
    {
        var reader = CountryDatabase.Read(new MemoryStream(new MmdbWriter(ipVersion: 4).Add("10.0.0.0/8", "DE").Write()));
        Assert.Equal("DE", reader.CountryOf(IPAddress.Parse("10.1.2.3")).ToString());
        Assert.Equal(default, reader.CountryOf(IPAddress.IPv6Loopback));
    }

    /// <summary>A damaged file is refused, or says nothing, or something else: it never reads outside of itself and never hangs.</summary>
    [Fact]
    public void Open_DamagedFiles_FailInOneWay()
    {
        var sound = new MmdbWriter().Add("10.0.0.0/8", "DE").Add("2001:db8::/32", "JP").Write();
        var random = new Random(5);
        for (var round = 0; round < 5000; round++)
        {
            var bytes = round % 2 == 0 ? sound[..random.Next(sound.Length)] : (byte[])sound.Clone();
            for (var i = random.Next(4); i > 0 && bytes.Length > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                var reader = CountryDatabase.Read(new MemoryStream(bytes));
                reader.CountryOf(IPAddress.Parse("10.1.2.3"));
                reader.CountryOf(IPAddress.Parse("2001:db8::1"));
            }
            catch (InvalidDataException)
            {
                // The one way.
            }
        }
    }

    [Theory]
    [InlineData("DE", 403)]
    [InlineData("FR", 200)]
    public async Task Geo_Database_TellsTheCountryOfTheClient(string country, int status)
    {
        using var folder = new TestFolder();
        var file = folder.PathOf("countries.mmdb");
        await File.WriteAllBytesAsync(file, new MmdbWriter().Add("127.0.0.0/8", country).Write());
        await using var gateway = await PolicyConfig.StartAsync(PolicyConfig.Rule("geo", $"country_codes = ['de'], database = '{file}'", denies: true));
        Assert.Equal(status, await gateway.StatusAsync());
    }
}
