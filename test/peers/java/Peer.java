import java.util.Arrays;
import java.util.List;

/** An MCP peer on the official Java SDK: stdio | http PORT | client REVISION URL|COMMAND... */
public final class Peer {
  public static void main(String[] words) throws Exception {
    System.setOut(new java.io.PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, java.nio.charset.StandardCharsets.UTF_8));
    List<String> rest = Arrays.asList(words).subList(1, words.length);
    if (words[0].equals("stdio")) Server.stdio();
    else if (words[0].equals("client")) Client.converse(rest.get(0), rest.subList(1, rest.size()));
    else Server.http(Integer.parseInt(rest.get(0)));
  }
}
