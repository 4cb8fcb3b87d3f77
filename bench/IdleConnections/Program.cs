// Both ends of bench/idle.sh, and what it measures with.
using System.Globalization;
using IdleConnections;

switch (args)
{
    case ["origin", var port, .. var certificate] when certificate is [] or [_, _]:
        await new SilentOrigin(certificate).RunAsync(int.Parse(port, CultureInfo.InvariantCulture));
        return 0;
    case ["clients", var kind, var count, var url]:
        return await IdleClients.RunAsync(kind, int.Parse(count, CultureInfo.InvariantCulture), new Uri(url));
    case ["heap", var process]:
        Console.WriteLine(HeapMeter.Collect(int.Parse(process, CultureInfo.InvariantCulture)));
        return 0;
    default:
        await Console.Error.WriteLineAsync("""
            usage: IdleConnections origin PORT [CERT.pem KEY.pem]   serves /silent, /event, /socket, /gather/N and documents
                   IdleConnections clients KIND N URL               opens N idle ends, prints 'open', and keeps them until its input ends
                   IdleConnections heap PROCESS                     collects the garbage of a .NET process and prints the bytes that are left
            """);
        return 2;
}
