using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Harmony.Core.Modules;
using MaxMind.Db;

namespace Harmony.Access.Middleware.Policies.Geo;

/// <summary>A MaxMind DB file that knows the countries of addresses. Opened once, however many rules and reloads use it.</summary>
internal sealed class CountryDatabase
{
    private const long MaxBytes = 1L << 30;

    private readonly Reader _reader;

    private CountryDatabase(Reader reader) => _reader = reader;

    /// <summary>Reads a database.</summary>
    /// <param name="stream">The file. The whole of it is kept in memory: a mapped file that another program truncates would end the process.</param>
    /// <exception cref="InvalidDataException">The stream holds no database, or one that is damaged; the message says where.</exception>
    public static CountryDatabase Read(Stream stream)
    {
        try
        {
            return new CountryDatabase(new Reader(stream));
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new InvalidDataException($"it is no MaxMind DB file, or it is damaged: {e.Message}", e);
        }
    }

    /// <summary>Opens a file, unless an earlier configuration has opened it.</summary>
    /// <param name="configured">The path as configured.</param>
    /// <param name="environment">Knows folders, and what earlier configurations have read.</param>
    /// <param name="database">The database.</param>
    /// <param name="error">Why there is none.</param>
    public static bool TryOpen(
        string configured, BuildEnvironment environment, [NotNullWhen(true)] out CountryDatabase? database, [NotNullWhen(false)] out string? error)
    {
        (database, error) = (null, null);
        var file = new FileInfo(environment.PathOf(configured));
        try
        {
            if (!file.Exists) error = "no such file";
            else if (file.Length > MaxBytes) error = "it is larger than 1 GB";
            else database = environment.Carried.Get("country database", (file.FullName, file.Length, file.LastWriteTimeUtc), () => Open(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            error = e.Message;
        }

        return database is not null;
    }

    /// <summary>The country of an address, or else the one in which its network is registered; the default where the database does not know it.</summary>
    public CountryCode CountryOf(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && _reader.Metadata.IPVersion == 4) return default;
        try
        {
            var record = _reader.Find<CountryRecord>(address);
            var country = CountryCode.Of(record?.Country?.IsoCode ?? "");
            return country != default ? country : CountryCode.Of(record?.RegisteredCountry?.IsoCode ?? "");
        }
        catch (Exception e) when (IsDamage(e))
        {
            return default; // a damaged record says nothing
        }
    }

    private static CountryDatabase Open(FileInfo file)
    {
        using var stream = file.OpenRead();
        return Read(stream);
    }

    /// <summary>The exceptions by which the library reports a damaged file, those of its bounds checks included.</summary>
    private static bool IsDamage(Exception e)
        => e is InvalidDatabaseException or DeserializationException or ArgumentException or IndexOutOfRangeException or OverflowException
            or InvalidCastException
            or KeyNotFoundException or FormatException or EndOfStreamException;

    /// <summary>What is read of a record.</summary>
    [method: Constructor]
    internal sealed record CountryRecord(
        [param: MapKey("country")] CountryName? Country,
        [param: MapKey("registered_country")] CountryName? RegisteredCountry);

    /// <summary>A country in a record.</summary>
    [method: Constructor]
    internal sealed record CountryName([param: MapKey("iso_code")] string? IsoCode);
}

/// <summary>Two letters of ISO 3166-1 in upper case; the default is no country.</summary>
internal readonly record struct CountryCode(char First, char Second)
{
    /// <summary>Reads a code in any case; the default where the text is none.</summary>
    public static CountryCode Of(string text)
        => text.Length == 2 && char.IsAsciiLetter(text[0]) && char.IsAsciiLetter(text[1])
            ? new CountryCode(char.ToUpperInvariant(text[0]), char.ToUpperInvariant(text[1]))
            : default;

    public override string ToString() => $"{First}{Second}";
}
